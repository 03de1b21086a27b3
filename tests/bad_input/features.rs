//! What features, clustering, labels and tracking cannot be asked for.

use crate::support::{Shop, sales};

const USE: &str = "use = [\"recency_days\", \"n_orders\", \"monetary_total\"]";

fn using(features: &str) -> Shop {
    Shop::new().edit(USE, &format!("use = [{features}]"))
}

#[test]
fn an_unknown_feature_is_refused_with_those_that_are_known() {
    using("\"recency_days\", \"loyalty\"").refuses(&["`loyalty`", "recency_days", "monetary_mean"]);
}

#[test]
fn an_empty_vector_is_refused() {
    using("").refuses(&["segtrail.toml", "[features] use", "at least one feature"]);
}

#[test]
fn a_feature_named_twice_is_refused() {
    using("\"n_orders\", \"n_orders\"").refuses(&["`n_orders`", "twice", "once"]);
}

#[test]
fn a_feature_whose_data_are_not_given_is_refused() {
    using("\"share_of_wallet\"").refuses(&["`share_of_wallet`"]);
    using("\"n_returns\"").refuses(&["`n_returns`"]);
}

#[test]
fn a_feature_that_nobody_has_is_refused() {
    let first: Vec<_> = sales().into_iter().filter(|row| row.1.ends_with("-0")).collect();
    let shop = Shop::selling(&first).edit(USE, "use = [\"gap_mean_days\"]");
    shop.refuses(&["`gap_mean_days`", "not defined for any of the 40 customers", "take it out"]);
}

#[test]
fn an_unknown_transform_or_scale_is_refused_with_those_that_exist() {
    let shop = Shop::new().edit(USE, &format!("{USE}\ntransform = \"sqrt\""));
    shop.refuses(&["segtrail.toml", "sqrt", "log1p", "yeo-johnson"]);
    let shop = Shop::new().append("[features.each.n_orders]\nscale = \"minmax\"");
    shop.refuses(&["segtrail.toml", "minmax", "standard", "robust"]);
}

#[test]
fn a_transform_of_a_feature_that_is_not_used_is_refused() {
    let shop = Shop::new().append("[features.each.loyalty]\nscale = \"robust\"");
    shop.refuses(&["loyalty"]);
}

#[test]
fn weights_out_of_their_range_are_refused() {
    for weight in ["-1", "nan", "inf", "1e9"] {
        let shop = Shop::new().append(&format!("[features.each.n_orders]\nweight = {weight}"));
        shop.refuses(&["[features.each.n_orders] weight", "from 0", "to 1000"]);
    }
    let shop = Shop::new().append("[features.each.n_orders]\nweight = \"high\"");
    shop.refuses(&["segtrail.toml", "weight", "high"]);
    let shop = Shop::new().append("[features.each.n_orders]\nmissing = \"mean\"");
    shop.refuses(&["segtrail.toml", "mean", "fill", "indicator"]);
}

#[test]
fn attributes_that_cannot_be_clustered_are_refused() {
    let shop = |column: &str, values: &dyn Fn(usize) -> String, each: &str| {
        let shop = using(&format!("\"n_orders\", \"{column}\"")).append(&format!(
            "[customers]\nfiles = [\"customers.csv\"]\ncustomer = \"id\"\n{each}"
        ));
        let rows: String = (1..=40).map(|n| format!("c{n:03},{}\n", values(n))).collect();
        // Forty customers have forty values at most: twenty more buy and are in the table.
        let more: String = (50..70).map(|n| format!("d{n},{}\n", values(n))).collect();
        let bought: String = (50..70).map(|n| format!("d{n},d{n},2024-02-03,5\n")).collect();
        shop.write("sales.csv", crate::support::csv(&sales()) + &bought);
        shop.write("customers.csv", format!("id,note\n{rows}{more}"));
        shop
    };
    shop("note", &|n| format!("note {n}"), "").refuses(&[
        "[features] use",
        "`note` has 60 different values",
        "more than 50",
        "take it out",
    ]);
    shop("note", &|_| "NA".into(), "").refuses(&[
        "[features] use",
        "`note` has no value",
        "Fill it",
    ]);
    shop("city", &|_| "Vinh".into(), "").refuses(&["no feature `city`", "n_orders", "note"]);
    shop("note", &|n| ["x", "y"][n % 2].into(), "[features.each.note]\nscale = \"robust\"")
        .refuses(&["[features.each.note]", "for numbers", "`x`", "Take them out"]);
}

#[test]
fn figures_of_customer_value_outside_their_range_are_refused() {
    let clv = |line: &str| Shop::new().append(&format!("[features.clv]\n{line}"));
    clv("margin = 0.0").refuses(&["[features.clv] margin", "above 0 and at most 1"]);
    clv("margin = 1.5").refuses(&["[features.clv] margin", "above 0 and at most 1"]);
    clv("discount_rate = 12.5").refuses(&["[features.clv] discount_rate", "from 0 to 10"]);
    clv("discount_rate = nan").refuses(&["[features.clv] discount_rate", "from 0 to 10"]);
}

#[test]
fn an_unknown_method_or_engine_is_refused_with_those_that_exist() {
    let shop = Shop::new().edit("\"kmeans\"", "\"dbscan\"");
    shop.refuses(&["segtrail.toml", "dbscan", "kmeans", "gmm", "auto"]);
    let shop = Shop::new().edit("k = 3", "k = 3\nengine = \"sklearn\"");
    shop.refuses(&["segtrail.toml", "sklearn", "segtrail", "linfa"]);
}

#[test]
fn a_number_of_clusters_that_is_none_is_refused() {
    let k = |text: &str| Shop::new().edit("k = 3", &format!("k = {text}"));
    k("0").refuses(&["segtrail.toml", "k = 0", "from 1"]);
    k("\"10..2\"").refuses(&["10..2"]);
    k("\"1..5\"").refuses(&["1..5", "at least 2"]);
    k("\"0..5\"").refuses(&["0..5", "at least 2"]);
    k("\"many\"").refuses(&["many"]);
    k("\"2..\"").refuses(&["2.."]);
    k("-3").refuses(&["-3"]);
}

#[test]
fn more_clusters_than_customers_are_refused() {
    let k = |text: &str| Shop::new().edit("k = 3", &format!("k = {text}"));
    k("41").refuses(&["k = 41", "40 customers", "at most 40"]);
    k("\"41..50\"").refuses(&["k = 41", "40 customers"]);
    k("40").accepts();
}

#[test]
fn a_range_of_clusters_beyond_the_customers_is_cut_and_told() {
    let run = Shop::new().edit("k = 3", "k = \"2..60\"").accepts();
    let candidates = run.manifest()["selection"]["candidates"].as_array().unwrap().clone();
    assert!(candidates.iter().all(|candidate| candidate["k"].as_u64().unwrap() <= 40));
    assert!(!run.manifest()["warnings"].as_array().unwrap().is_empty());
}

#[test]
fn settings_of_the_fit_outside_their_range_are_refused() {
    for (line, words) in [
        ("restarts = 0", "restarts = 0"),
        ("max_iterations = 0", "max_iterations = 0"),
        ("tolerance = 0.0", "tolerance = 0"),
        ("tolerance = inf", "tolerance = inf"),
        ("covariance_floor = -1.0", "covariance_floor = -1"),
    ] {
        let shop = Shop::new().edit("restarts = 2", line);
        shop.refuses(&[words]);
    }
}

#[test]
fn what_shapes_a_mixture_is_refused_where_there_is_none_or_another() {
    for line in ["covariance = \"tied\"", "noise = true"] {
        let kmeans = Shop::new().edit("restarts = 2", &format!("restarts = 2\n{line}"));
        kmeans.refuses(&[line, "method = \"kmeans\"", "gmm"]);
        for method in ["gmm", "auto"] {
            let linfa = format!("method = \"{method}\"\nengine = \"linfa\"\n{line}");
            let shop = Shop::new().edit("method = \"kmeans\"", &linfa);
            shop.refuses(&[line, "engine = \"linfa\"", "segtrail"]);
        }
    }
    let shop = Shop::new().edit("restarts = 2", "covariance = \"diag\"");
    shop.refuses(&["segtrail.toml", "diag", "diagonal", "spherical"]);
}

#[test]
fn options_of_k_means_are_refused_where_there_is_none_or_another() {
    let section = "bootstrap = 0\n[cluster.kmeans]\nalgorithm = \"bisecting\"";
    for other in ["method = \"gmm\"", "method = \"kmeans\"\nengine = \"linfa\""] {
        let shop = Shop::new().edit("method = \"kmeans\"", other).edit("bootstrap = 0", section);
        shop.refuses(&["[cluster.kmeans]", "take it out"]);
    }
    for (line, words) in [
        ("algorithm = \"elkan\"", ["elkan", "mini-batch"]),
        ("seeding = \"random\"", ["random", "k-means++"]),
        ("swaps = 3", ["swaps", "boolean"]),
        ("kk = 3", ["kk", "seeding"]),
    ] {
        let section = format!("bootstrap = 0\n[cluster.kmeans]\n{line}");
        Shop::new().edit("bootstrap = 0", &section).refuses(&words);
    }
}

#[test]
fn one_customer_is_a_run_with_warnings_or_too_few_for_k() {
    let one: Vec<_> = sales().into_iter().filter(|row| row.0 == "c005").collect();
    Shop::selling(&one).refuses(&["k = 3", "1 customers", "at most 1"]);
    let run = Shop::selling(&one).edit("k = 3", "k = 1").accepts();
    assert_eq!(run.segments().len(), 1);
    assert!(run.has_warning("gate_customers"));
}

#[test]
fn customers_all_alike_are_one_segment_with_a_warning() {
    let alike: Vec<_> = (0..50)
        .map(|n| (format!("c{n:02}"), format!("{n}"), "2024-05-01".into(), "10".into()))
        .collect();
    for method in ["kmeans", "gmm", "auto"] {
        for k in ["3", "\"2..5\"", "1"] {
            let shop = Shop::selling(&alike)
                .edit("\"kmeans\"", &format!("\"{method}\""))
                .edit("k = 3", &format!("k = {k}"));
            let run = shop.accepts();
            let mut segments: Vec<_> = run.segments().into_values().collect();
            assert_eq!(segments.len(), 50, "{method} {k}");
            segments.dedup();
            assert_eq!(segments.len(), 1, "{method} {k}");
            assert!(!run.manifest()["warnings"].as_array().unwrap().is_empty(), "{method} {k}");
        }
    }
}

#[test]
fn a_taxonomy_that_does_not_exist_is_refused() {
    let label = |name: &str| Shop::new().append(&format!("[label]\ntaxonomies = [\"{name}\"]"));
    label("telecom").refuses(&["telecom", "rfm", "TOML file"]);
    label("mine.toml").refuses(&["mine.toml"]);
    Shop::new().append("[label]\ntaxonomies = []").refuses(&["taxonomies"]);
    Shop::new().append("[label]\nlanguage = \"fr\"").refuses(&["fr", "en", "vi"]);
}

#[test]
fn further_taxonomies_are_refused_like_the_main_one_and_two_of_one_column_too() {
    let label = |names: &str| Shop::new().append(&format!("[label]\ntaxonomies = [{names}]"));
    label("\"rfm\", \"telecom\"").refuses(&["telecom", "TOML file"]);
    label("\"rfm\", \"pyramid\", \"rfm\"").refuses(&["taxonomies", "`rfm`", "`group_rfm`"]);
    let good = std::fs::read_to_string(crate::support::repository("taxonomies/pyramid.toml"));
    let good = good.unwrap();
    let own = |text: String| {
        let shop = label("\"rfm\", \"mine.toml\"");
        shop.write("mine.toml", text);
        shop
    };
    own(good.replacen("key = \"pyramid\"", "key = \"name-en\"", 1)).refuses(&[
        "mine.toml",
        "`name-en`",
        "`group_name_en`",
    ]);
    let wrong = good.replacen("tenure_days > 365", "tenure_dais > 365", 1);
    let line = 1 + wrong.lines().position(|line| line.contains("tenure_dais")).unwrap();
    own(wrong).refuses(&["mine.toml", &format!("line {line}"), "`tenure_days`"]);
    own(good.replacen("version = 1", "version = ", 1)).refuses(&["mine.toml", "line ", "TOML"]);
}

#[test]
fn a_taxonomy_with_a_fault_is_refused_with_its_line() {
    let shop = Shop::new().append("[label]\ntaxonomies = [\"mine.toml\"]");
    shop.write("mine.toml", "key = \"mine\"\nversion = 1\nnames = { en = \"Mine\" }\n");
    shop.refuses(&["mine.toml", "line "]);
    shop.write("mine.toml", "key = \"mine\"\nversion = \n");
    shop.refuses(&["mine.toml", "line 2", "TOML"]);
}

#[test]
fn a_taxonomy_about_unknown_features_is_refused() {
    let shop = Shop::new().append("[label]\ntaxonomies = [\"mine.toml\"]");
    let texts = "name = { en = \"A\", vi = \"B\" }\ndescription = { en = \"A.\", vi = \"B.\" }\n";
    shop.write(
        "mine.toml",
        format!(
            "key = \"mine\"\nversion = 1\nnames = {{ en = \"Mine\", vi = \"Mine\" }}\n\
             [[group]]\nkey = \"a\"\n{texts}color = \"#32a267\"\n\
             rule = \"mean(recency_dais) > 3\"\n\
             [[group]]\nkey = \"b\"\n{}color = \"#0070af\"\nrule = \"otherwise\"\n",
            texts.replace("\"A\"", "\"C\"").replace("\"B\"", "\"D\"")
        ),
    );
    shop.refuses(&["mine.toml", "line 9", "`recency_dais`", "did you mean `recency_days`?"]);
}

#[test]
fn thresholds_of_tracking_outside_their_range_are_refused() {
    for (line, legal) in [
        ("jaccard = 0.0", "above 0 and at most 1"),
        ("survival = 1.5", "above 0 and at most 1"),
        ("split = nan", "above 0"),
        ("split = 0.6", "at most 0.5"),
    ] {
        let key = line.split(' ').next().unwrap();
        let shop = Shop::new().append(&format!("[track]\n{line}"));
        // The second month is the first that is tracked.
        shop.run("2024-05-31..2024-06-30").fails(1, &[key, legal]);
        shop.left_nothing();
    }
}
