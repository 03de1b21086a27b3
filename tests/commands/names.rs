//! Several taxonomies in a run, a main one of customers, a run named anew, `why`.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::support::{AS_OF, Outcome, Shop, StoredRun, same_bytes, stored_runs};

const MONTHS: &str = "2024-05-31..2024-06-30";

/// The shop named by `taxonomies`, with somebody who never bought.
fn shop(taxonomies: &str) -> Shop {
    let shop = Shop::new().append(&format!(
        "[customers]\nfiles = [\"known.csv\"]\ncustomer = \"id\"\n[label]\ntaxonomies = {taxonomies}"
    ));
    shop.write("known.csv", "id\nc001\nnobody\n");
    shop
}

fn by_customer(run: &StoredRun, column: &str) -> BTreeMap<String, String> {
    let table = run.table("assignments.parquet");
    let customers = table.texts("customer_id").into_iter().map(Option::unwrap);
    customers.zip(table.texts(column).into_iter().map(Option::unwrap)).collect()
}

fn json(run: &StoredRun, file: &str) -> Value {
    serde_json::from_slice(&fs::read(run.folder.join(file)).unwrap()).unwrap()
}

fn last(shop: &Shop) -> StoredRun {
    StoredRun::at(stored_runs(&shop.models()).pop().unwrap())
}

#[test]
fn further_taxonomies_are_columns_records_and_sections() {
    let run = shop(r#"["rfm", "pyramid", "value-potential", "lifecycle"]"#).accepts();
    let manifest = run.manifest();
    let records = manifest["taxonomies"].as_array().unwrap();
    let columns: Vec<&str> = records.iter().map(|r| r["column"].as_str().unwrap()).collect();
    assert_eq!(columns, ["group", "group_pyramid", "group_value_potential", "group_lifecycle"]);
    for record in records {
        let own = by_customer(&run, record["column"].as_str().unwrap());
        assert_eq!(own.len(), 41);
        for group in record["groups"].as_array().unwrap() {
            let key = group["key"].as_str().unwrap();
            let counted = |prospects: bool| {
                let of_kind = own.iter().filter(|(who, _)| (*who == "nobody") == prospects);
                of_kind.filter(|(_, own)| *own == key).count() as u64
            };
            assert_eq!(group["customers"], counted(false), "{key}");
            if record["everyone"] == true {
                assert_eq!(group["prospects"], counted(true), "{key}");
            }
        }
    }
    assert_eq!(by_customer(&run, "group_lifecycle")["nobody"], "prospect");
    assert_eq!(by_customer(&run, "group_pyramid")["nobody"], "prospect", "it names buyers alone");
    // Without costs the pyramid goes by spend, and says so.
    let notes = records[1]["notes"].to_string();
    assert!(notes.contains("spend") && notes.contains("chi tiêu"), "{notes}");
    let pyramid = by_customer(&run, "group_pyramid");
    for segment in json(&run, "segments.json")["segments"].as_array().unwrap() {
        let id = segment["segment"].as_str().unwrap();
        let customers: u64 = (segment["composition"]["pyramid"].as_object().unwrap().values())
            .map(|count| count.as_u64().unwrap())
            .sum();
        assert_eq!(segment["profile"]["customers"], customers, "{id}");
        let small = segment["composition"]["pyramid"]["small"].as_u64().unwrap_or(0);
        let of_segment = run.segments().into_iter().filter(|(_, own)| own == id);
        assert_eq!(small, of_segment.filter(|(who, _)| pyramid[who] == "small").count() as u64);
        assert!(segment["further"]["pyramid"]["reason"]["vi"].is_string());
        assert!(segment["apart"]["sentence"]["en"].as_str().unwrap().ends_with('.'));
    }
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    for words in ["Groups by other taxonomies", "Customer pyramid", "Khách hàng siêu lớn"] {
        assert!(page.contains(words), "{words}");
    }
    // Every row of the table of groups has as many cells as the head has columns.
    let section = page.split("id=\"taxonomy-pyramid\"").nth(1).unwrap();
    let (head, body) = section.split_once("</thead>").unwrap();
    let body = body.split("</table>").next().unwrap();
    let columns = head.matches("<th").count() - head.matches("<thead").count();
    let rows: Vec<&str> = body.split("<tr>").skip(1).collect();
    assert_eq!((rows.len(), columns), (4, 5));
    for row in rows {
        assert_eq!(row.matches("<td").count() + row.matches("<th").count(), columns, "{row}");
    }
}

#[test]
fn a_main_taxonomy_of_customers_gives_each_their_own_group() {
    let shop = shop(r#"["lifecycle", "rfm"]"#);
    shop.run(MONTHS).done();
    let run = last(&shop);
    let (own, stage) = (by_customer(&run, "group"), run.table("features.parquet"));
    let customers = stage.texts("customer_id").into_iter().map(Option::unwrap);
    for (customer, stage) in customers.zip(stage.texts("lifecycle_stage")) {
        assert_eq!(Some(&own[&customer]), stage.as_ref(), "{customer}");
    }
    // A segment has the group that most of its customers are in.
    let segments = run.segments();
    for segment in json(&run, "segments.json")["segments"].as_array().unwrap() {
        let id = segment["segment"].as_str().unwrap();
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for (customer, _) in segments.iter().filter(|(_, own)| *own == id) {
            *counts.entry(&own[customer]).or_default() += 1;
        }
        let largest = counts.values().max().unwrap();
        let group = segment["label"]["group"].as_str().unwrap();
        assert_eq!(counts[group], *largest, "{id}: {counts:?}");
    }
    // Who changed group between the months is who is in another stage now.
    let first = StoredRun::at(&stored_runs(&shop.models())[0]);
    let before = by_customer(&first, "group");
    let buyers = segments.keys().filter(|who| before.contains_key(*who));
    let moved = buyers.filter(|who| before[*who] != own[*who]).count();
    assert_eq!(json(&run, "comparison.json")["moved_group"], moved);
    let shown = shop.command(&["show", "latest"]).done().stdout;
    assert!(shown.contains("Lifecycle (lifecycle, column group)"), "{shown}");
    assert!(shown.contains("column group_rfm"), "{shown}");
}

#[test]
fn exports_have_further_columns_another_taxonomy_and_the_names_of_a_tool() {
    let shop = shop(r#"["rfm", "pyramid"]"#);
    let run = shop.accepts();
    let pyramid = by_customer(&run, "group_pyramid");
    let read = |options: &[&str]| {
        let mut args = vec!["export", "latest", "--format", "csv"];
        args.extend(options);
        let text = shop.command(&args).done().stdout;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|row| row.unwrap());
        rows.map(|row| names.iter().cloned().zip(row.iter().map(str::to_owned)).collect())
            .collect::<Vec<BTreeMap<String, String>>>()
    };
    for row in read(&[]) {
        assert_eq!(row["group_pyramid"], pyramid[&row["customer_id"]]);
    }
    for row in read(&["--taxonomy", "pyramid", "--tool", "mailchimp"]) {
        assert_eq!(row["group"], pyramid[&row["customer_id"]]);
        assert!(!row.contains_key("previous_group") && !row.contains_key("group_pyramid"));
        let alias = if row["group"] == "small" { "Pyramid: Small customers" } else { "" };
        assert!(row["tool_name"].starts_with(alias), "{row:?}");
        assert!(!row["tool_name"].is_empty());
    }
    for format in ["jsonl", "parquet"] {
        let file = format!("a.{format}");
        let args = ["export", "latest", "--format", format, "--taxonomy", "pyramid", "-o", &file];
        shop.command(&args).done();
    }
    let parquet = crate::support::Frame::read(&shop.path("a.parquet"));
    let customers = parquet.texts("customer_id").into_iter().map(Option::unwrap);
    for (customer, group) in customers.zip(parquet.texts("group")) {
        assert_eq!(group.as_ref(), Some(&pyramid[&customer]));
    }
    shop.command(&["export", "latest", "--format", "csv", "--taxonomy", "benefit"])
        .fails(1, &["`benefit`", "rfm, pyramid", "[label] taxonomies"]);
    shop.command(&["export", "latest", "--format", "csv", "--tool", "fax"])
        .says(&["`fax`", "mailchimp"]);
}

#[test]
fn a_run_named_anew_is_the_run_that_the_configuration_would_have_made() {
    let old = shop(r#"["rfm"]"#);
    old.run(MONTHS).done();
    let before = stored_runs(&old.models());
    let files = |run: &StoredRun| {
        let read = |name: &&str| fs::read(run.folder.join(name)).unwrap();
        ["manifest.json", "assignments.parquet", "segments.json"]
            .iter()
            .map(read)
            .collect::<Vec<_>>()
    };
    let kept: Vec<_> = before.iter().map(|path| files(&StoredRun::at(path))).collect();
    for path in &before {
        let id = path.file_name().unwrap().to_str().unwrap();
        let args = ["label", id, "--taxonomy", "lifecycle", "--taxonomy", "pyramid", "--json"];
        let said = old.command(&args).done().json();
        assert_eq!(said["status"], "done");
        assert_eq!(said["relabelled_from"], id);
        assert_eq!(old.command(&args).done().json()["status"], "already_done");
    }
    for (path, kept) in before.iter().zip(kept) {
        assert!(files(&StoredRun::at(path)) == kept, "the old run is as it was");
    }
    let new = shop(r#"["lifecycle", "pyramid"]"#);
    new.run(MONTHS).done();
    let fresh = stored_runs(&new.models());
    assert_eq!(fresh.len(), 2);
    for (place, path) in fresh.iter().enumerate() {
        let named = old.models().join("shop").join(path.file_name().unwrap());
        assert!(named.is_dir(), "the same id: {}", named.display());
        let names = [
            "assignments.parquet",
            "segments.json",
            "model.json",
            "features.parquet",
            "rejects.csv",
        ];
        same_bytes(path, &named, &names);
        if place == 1 {
            same_bytes(path, &named, &["comparison.json"]);
        }
    }
    // The month is there already when the configuration asks for it.
    let asked = old.edit(r#"["rfm"]"#, r#"["lifecycle", "pyramid"]"#);
    assert_eq!(asked.run(AS_OF).done().json()["runs"][0]["status"], "already_done");
}

#[test]
fn naming_anew_refuses_what_is_no_taxonomy_and_leaves_nothing() {
    let shop = shop(r#"["rfm"]"#);
    shop.accepts();
    let label = |args: &[&str]| shop.command(&[&["label", "latest"][..], args].concat());
    label(&["--taxonomy", "mine.toml"]).fails(1, &["mine.toml", "built-in"]);
    label(&["--taxonomy", "rfm", "--taxonomy", "rfm"]).fails(1, &["`rfm`", "`group_rfm`"]);
    assert_eq!(label(&[]).code, Some(2));
    shop.command(&["label", "nothing", "--taxonomy", "rfm"]).fails(1, &["nothing"]);
    assert_eq!(stored_runs(&shop.models()).len(), 1);
}

#[test]
fn groups_begin_anew_where_the_run_before_has_others() {
    let first = shop(r#"["rfm", "lifecycle"]"#);
    first.run("2024-05-31").done();
    let second = first.edit(r#"["rfm", "lifecycle"]"#, r#"["lifecycle"]"#);
    second.run("2024-06-30").done();
    let run = last(&second);
    assert!(!run.has_warning("taxonomy_changed"), "the run before has the column");
    let table = run.table("assignments.parquet");
    let changed = table.texts("group_changed_on");
    assert!(changed.contains(&Some("2024-05-31".into())), "{changed:?}");
    let third = second.edit(r#"["lifecycle"]"#, r#"["pyramid"]"#);
    third.run("2024-06-30").done();
    let runs = stored_runs(&third.models());
    let pyramid = runs.iter().map(StoredRun::at).find(|run| run.has_warning("taxonomy_changed"));
    let table = pyramid.expect("a run that warns").table("assignments.parquet");
    assert!(table.texts("previous_group").iter().all(Option::is_none));
}

fn why(shop: &Shop, args: &[&str]) -> Outcome {
    shop.command(&[&["why"][..], args].concat())
}

#[test]
fn why_tells_figures_segment_groups_and_the_month_before() {
    let shop = shop(r#"["rfm", "pyramid"]"#);
    shop.run(MONTHS).done();
    let run = last(&shop);
    let said = why(&shop, &["c022", "--json"]).done().json();
    assert_eq!(said["run_id"], run.id());
    assert_eq!(said["segment"], run.segments()["c022"]);
    let features = said["features"].as_array().unwrap();
    let spend = features.iter().find(|f| f["feature"] == "monetary_total").unwrap();
    assert_eq!(spend["value"].as_f64(), run.feature("monetary_total")["c022"]);
    let population = &json(&run, "segments.json")["population"]["medians"]["monetary_total"];
    assert_eq!(&spend["population_median"], population);
    let groups = said["groups"].as_array().unwrap();
    assert_eq!(groups[0]["group"], by_customer(&run, "group")["c022"]);
    assert_eq!(groups[1]["group"], by_customer(&run, "group_pyramid")["c022"]);
    assert!(groups[1]["reason"]["vi"].as_str().unwrap().contains("chi tiêu"), "{said}");
    assert_eq!(said["previous_run"]["status"], "found");
    let english = why(&shop, &["c022"]).done().stdout;
    for words in
        ["Customer c022", "Segment S0", "Membership ", "The run before (", "Customer pyramid: "]
    {
        assert!(english.contains(words), "{words}\n{english}");
    }
    let vietnamese = why(&shop, &["c022", "--language", "vi"]).done().stdout;
    for words in ["Khách hàng c022", "Phân khúc S0", "Mức thuộc về", "Lần chạy trước ("]
    {
        assert!(vietnamese.contains(words), "{words}\n{vietnamese}");
    }
    // The segment that the margin is measured to, and the reason for the forecast, in both languages.
    let next = &said["next_segment"];
    let segments = json(&run, "segments.json");
    let mut others = segments["segments"].as_array().unwrap().iter();
    let next = others.find(|own| own["segment"] == next["segment"]).expect("another segment");
    assert_ne!(next["segment"], said["segment"]);
    assert_eq!(next["label"]["name"], said["next_segment"]["name"]);
    assert_eq!(next["label"]["group"], said["next_segment"]["group"]);
    let named = |language: &str| {
        let (id, name) = (&next["segment"], &next["label"]["name"][language]);
        format!("{} ({})", id.as_str().unwrap(), name.as_str().unwrap())
    };
    let told = format!("more than of the next segment, {}.", named("en"));
    assert!(english.contains(&told), "{told}\n{english}");
    let told = format!("hơn phân khúc kế tiếp, {}, 0,", named("vi"));
    assert!(vietnamese.contains(&told), "{told}\n{vietnamese}");
    assert!(english.contains("reason for the method: orders: "), "{english}");
    assert!(vietnamese.contains("lý do chọn phương pháp: số đơn hàng: "), "{vietnamese}");
    let nobody = why(&shop, &["nobody", "--json"]).done().json();
    assert_eq!(nobody["segment"], Value::Null);
    assert_eq!(nobody["groups"][0]["group"], "prospect");
}

#[test]
fn why_of_an_unknown_customer_names_those_near() {
    let shop = shop(r#"["rfm"]"#);
    shop.accepts();
    why(&shop, &["c0222"]).fails(1, &["`c0222`", "near to it: c022"]);
    why(&shop, &["9999999999"]).fails(1, &["`9999999999`"]);
    assert!(why(&shop, &["c022.0"]).code == Some(0), "read as c022");
}

#[test]
fn runs_of_earlier_releases_can_be_read() {
    let shop = shop(r#"["rfm"]"#);
    let run = shop.accepts();
    let remove = |file: &str, keys: &[&str]| {
        let mut document = json(&run, file);
        let mut objects: Vec<&mut Value> = match file {
            "manifest.json" => vec![&mut document],
            _ => document["segments"].as_array_mut().unwrap().iter_mut().collect(),
        };
        for object in &mut objects {
            keys.iter().for_each(|key| drop(object.as_object_mut().unwrap().remove(*key)));
        }
        fs::write(run.folder.join(file), document.to_string()).unwrap();
    };
    remove("manifest.json", &["taxonomies"]);
    remove("segments.json", &["apart", "further", "composition"]);
    shop.command(&["show", "latest"]).done();
    let runs = shop.command(&["runs", "--json"]).done().json();
    assert_eq!(runs["runs"][0]["taxonomies"][0], "rfm");
    assert!(why(&shop, &["c022"]).done().stdout.contains("Segment S0"));
    shop.command(&["export", "latest", "--format", "csv", "--tool", "zalo"]).done();
    shop.command(&["label", "latest", "--taxonomy", "pyramid"]).done();
}
