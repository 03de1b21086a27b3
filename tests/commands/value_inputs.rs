//! What a run makes of costs, wallets, survey ranks, interactions, a campaign and a scheme of
//! weighted scores.

use crate::support::{Shop, StoredRun, sales};

/// The value of a feature for a customer.
#[track_caller]
fn of(run: &StoredRun, feature: &str, customer: &str) -> Option<f64> {
    run.feature(feature)[customer]
}

fn text_of(run: &StoredRun, column: &str, customer: &str) -> Option<String> {
    let table = run.table("features.parquet");
    let place = table.texts("customer_id").iter().position(|id| id.as_deref() == Some(customer));
    table.texts(column)[place.unwrap()].clone()
}

#[test]
fn costs_give_the_margin_of_past_and_future() {
    let shop = Shop::new().edit("amount = \"amount\"", "amount = \"amount\"\ncost = \"cost\"");
    // Every row costs three quarters of its amount, but those of c001 all of it.
    let mut text = String::from("customer,order,time,amount,cost\n");
    for (customer, order, time, amount) in sales() {
        let part = if customer == "c001" { 1.0 } else { 0.75 };
        let cost = part * amount.parse::<f64>().unwrap();
        text += &format!("{customer},{order},{time},{amount},{cost}\n");
    }
    shop.write("sales.csv", text);
    let run = shop.append("\n[features.clv]\ndiscount_rate = 0.0\n").accepts();
    let spend = of(&run, "monetary_total", "c002").unwrap();
    assert!((of(&run, "past_customer_value", "c002").unwrap() - 0.25 * spend).abs() < 1e-9);
    assert_eq!(of(&run, "past_customer_value", "c001"), Some(0.0));
    assert!((of(&run, "margin_total", "c002").unwrap() - 0.25 * spend).abs() < 1e-9);
    assert_eq!(of(&run, "margin_total", "c001"), Some(0.0));
    let margin = &run.manifest()["clv"]["margin"];
    assert_eq!(margin["from_costs"], true);
    let rate = margin["rate"].as_f64().unwrap();
    assert!(rate < 0.25 && rate > 0.2, "{rate}: of all spend together");
    let expected = of(&run, "expected_spend", "c002").unwrap();
    assert!((of(&run, "clv", "c002").unwrap() - rate * expected).abs() < 1e-9);
}

#[test]
fn wallets_come_from_the_panel_then_the_survey_then_the_model() {
    let shop = Shop::new().append(
        "\n[wallet]\nfiles = [\"panel.csv\"]\ncustomer = \"id\"\nprovider = \"shop\"\namount = \"spent\"\n\
         own = \"us\"\n\n[wallet_survey]\nfiles = [\"survey.csv\"]\ncustomer = \"id\"\n\
         provider = \"shop\"\nrank = \"rank\"\nown = \"us\"\n",
    );
    shop.write("panel.csv", "id,shop,spent\nc001,us,40\nc001,them,60\nstranger,them,100\n");
    shop.write("survey.csv", "id,shop,rank\nc002,us,1\nc002,them,2\nc001,us,1\n");
    let run = shop.accepts();
    assert_eq!(of(&run, "share_of_wallet", "c001"), Some(0.4));
    assert_eq!(of(&run, "size_of_wallet", "c001"), Some(100.0));
    assert_eq!(of(&run, "wallet_opportunity", "c001"), Some(60.0));
    // (1 - 1/3) 2/2 of two providers; the wallet is own spend by it.
    assert!((of(&run, "share_of_wallet", "c002").unwrap() - 2.0 / 3.0).abs() < 1e-12);
    let spend = of(&run, "monetary_total", "c002").unwrap();
    assert!((of(&run, "size_of_wallet", "c002").unwrap() - 1.5 * spend).abs() < 1e-9);
    assert_eq!(text_of(&run, "wallet_source", "c001").as_deref(), Some("observed"));
    assert_eq!(text_of(&run, "wallet_source", "c002").as_deref(), Some("survey"));
    let wallet = run.manifest()["wallet"].clone();
    assert_eq!(
        (&wallet["coverage"]["observed"], &wallet["coverage"]["survey"]),
        (&1.into(), &1.into())
    );
    let covered: u64 = ["observed", "survey", "modelled", "none"]
        .iter()
        .map(|source| wallet["coverage"][source].as_u64().unwrap())
        .sum();
    assert_eq!(covered, 40);
    // The panel's providers are those of all its customers: 40 of 200 is ours.
    let providers = wallet["providers"]["providers"].as_array().unwrap();
    let ours = providers.iter().find(|provider| provider["provider"] == "us").unwrap();
    assert!((ours["aggregate_share"].as_f64().unwrap() - 0.2).abs() < 1e-12, "{ours}");
    for (low, (share, high)) in run.feature("share_of_wallet_low").values().zip(
        run.feature("share_of_wallet").values().zip(run.feature("share_of_wallet_high").values()),
    ) {
        assert!(low <= share && share <= high, "{low:?} {share:?} {high:?}");
    }
}

#[test]
fn two_tables_of_amounts_are_refused_rather_than_one_ignored() {
    let table = "files = [\"panel.csv\"]\ncustomer = \"id\"\nprovider = \"shop\"\namount = \"spent\"\n\
                 own = \"us\"\n";
    let shop = Shop::new().append(&format!("\n[wallet]\n{table}\n[wallet_survey]\n{table}"));
    shop.write("panel.csv", "id,shop,spent\nc001,us,40\n");
    shop.refuses(&["[wallet_survey]", "amounts", "rank"]);
}

#[test]
fn wallets_are_modelled_where_nothing_else_is_known() {
    let many: Vec<_> = (0..12)
        .flat_map(|copy| {
            sales().into_iter().map(move |(customer, order, time, amount)| {
                (format!("{customer}-{copy}"), format!("{order}-{copy}"), time, amount)
            })
        })
        .collect();
    let shop = Shop::selling(&many)
        .append("\n[features.wallet]\nmatrix = { share = 0.5, size = 200.0 }\n");
    let run = shop.accepts();
    let wallet = run.manifest()["wallet"].clone();
    assert_eq!(wallet["coverage"]["modelled"], 480);
    assert_eq!(wallet["matrix"]["share_cut"].as_f64(), Some(0.5));
    for (size, (own, share)) in run
        .feature("size_of_wallet")
        .values()
        .zip(run.feature("monetary_total").values().zip(run.feature("share_of_wallet").values()))
    {
        let (size, own, share) = (size.unwrap(), own.unwrap(), share.unwrap());
        assert!(size >= own && share > 0.0 && share <= 1.0, "{size} {own} {share}");
    }
    assert_eq!(text_of(&run, "wallet_source", "c001-0").as_deref(), Some("modelled"));
    Shop::new().append("\n[features.wallet]\nrealistic = { quantile = 1.5 }\n").refuses(&[
        "[features.wallet]",
        "quantile",
        "1.5",
    ]);
}

#[test]
fn interactions_become_features_with_a_marker_of_complaints() {
    let shop = Shop::new()
        .append(
            "\n[interactions]\nfiles = [\"calls.csv\"]\ncustomer = \"id\"\ntime = \"day\"\nkind = \"kind\"\n",
        )
        .edit("use = [", "use = [\"complaint\", ");
    shop.write(
        "calls.csv",
        "id,day,kind\nc001,2024-06-20,Email opened\nc001,2024-02-01,email opened\n\
         c002,2024-06-01,Complaint\nc001,2024-07-05,Complaint\n",
    );
    let run = shop.accepts();
    assert_eq!(of(&run, "n_email_opened", "c001"), Some(2.0));
    assert_eq!(of(&run, "email_opened_recency_days", "c001"), Some(10.0));
    assert_eq!(of(&run, "email_opened_trend", "c001"), Some(0.0), "one lately, one before");
    assert_eq!(of(&run, "complaint", "c001"), Some(0.0), "after the date");
    assert_eq!(
        (of(&run, "complaint", "c002"), of(&run, "n_complaints", "c002")),
        (Some(1.0), Some(1.0))
    );
    assert_eq!(of(&run, "interactions_recency_days", "c003"), None);
}

#[test]
fn a_campaign_gives_response_by_score_and_weights() {
    let shop = Shop::new().append(
        "\n[campaign]\nfiles = [\"mail.csv\"]\ncustomer = \"id\"\nresponded = \"answer\"\n\
         time = \"day\"\nunit_cost = 1.0\nunit_profit = 45.0\n",
    );
    let mut text = String::from("id,answer,day\nstranger,no,2024-05-01\n");
    for customer in 1..=40 {
        // Customers of many orders answer.
        let answer = if customer % 6 > 2 { "yes" } else { "no" };
        text += &format!("c{customer:03},{answer},2024-06-01\n");
    }
    shop.write("mail.csv", text);
    let run = shop.accepts();
    let campaign = run.manifest()["campaign"].clone();
    let (contacts, unscored) =
        (campaign["contacts"].as_u64().unwrap(), campaign["without_purchase"].as_u64().unwrap());
    assert_eq!(contacts + unscored, 41);
    assert!((campaign["break_even_rate"].as_f64().unwrap() - 1.0 / 45.0).abs() < 1e-15);
    for score in campaign["by_frequency"].as_array().unwrap() {
        let rate = score["rate"].as_f64().unwrap();
        let index = (rate - 1.0 / 45.0) * 45.0 * 100.0;
        assert!((score["index"].as_f64().unwrap() - index).abs() < 1e-9, "{score}");
    }
    assert_eq!(campaign["weights"]["too_few"]["contacted"], contacts, "30 of a kind are needed");
    assert!(!run.has_warning("campaign_without_dates"));
}

#[test]
fn weighted_scores_by_a_preset_and_by_own_points() {
    let run = Shop::new().append("\n[features.weighted_rfm]\npreset = \"scores\"\n").accepts();
    for customer in ["c001", "c020", "c040"] {
        let score = |name| of(&run, name, customer).unwrap();
        let expected = 3.0 * score("r_score") + 2.0 * score("f_score") + score("m_score");
        assert_eq!(of(&run, "weighted_rfm", customer), Some(expected));
    }
    let own = "\n[features.weighted_rfm]\nrecency = [{ within = \"100 years\", points = 7.0 }]\n\
               frequency = { each = 0.0, at_most = 0.0 }\nmoney = { each = 0.0, at_most = 0.0 }\n";
    let run = Shop::new().append(own).accepts();
    assert_eq!(of(&run, "weighted_rfm", "c001"), Some(35.0), "7 points, weight 5");
    Shop::new()
        .append("\n[features.weighted_rfm]\nweights = { recency = -1.0, frequency = 1.0, money = 1.0 }\n")
        .refuses(&["weighted_rfm", "-1"]);
}
