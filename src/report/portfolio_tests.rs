//! Retention and campaign response: both languages, sums by hand, the figures that are not
//! defined, what is left out.

use super::format::NONE;
use super::sample;
use super::sample_portfolio;
use super::tests::page;
use super::texts::{CampaignTexts, RetentionTexts, fill};
use super::value_tests::{section, words};
use crate::features::RetentionRecord;
use crate::features::campaign::{CampaignWeights, Contacted, RidgeReason};
use crate::features::retention::cohort_retention;
use crate::run::Run;
use crate::types::Language;

const BOTH: [Language; 2] = [Language::En, Language::Vi];

fn record(run: &mut Run) -> &mut RetentionRecord {
    run.manifest.retention.as_mut().unwrap()
}

/// The text of the rows of the first table after `from`, a space between cells.
fn rows(section: &str, from: &str) -> Vec<String> {
    let after = &section[section.find(from).expect("the heading")..];
    let table = &after[..after.find("</table>").expect("the table ends")];
    let cells = |row: &str| words(&row.replace("</t", " </t")).trim().to_owned();
    table.split("<tr>").skip(1).map(|row| cells(&format!("<tr>{row}"))).collect()
}

#[test]
fn retention_in_both_languages() {
    for language in BOTH {
        let page = page(&sample::run(3, 60, language));
        let (texts, section) = (RetentionTexts::of(language), section(&page, "retention"));
        for words in [
            texts.retention,
            texts.defection,
            texts.lifetime_note,
            texts.so_far_note,
            texts.value,
            texts.unlimited_note,
            texts.definition,
            texts.cohorts_to_come,
            texts.survival,
            texts.from_before,
        ] {
            assert!(section.contains(words), "{words}");
        }
        for (template, left, total) in [(texts.cohorts_cut, "6", "18"), (texts.ages_cut, "6", "17")]
        {
            let cut = fill(template, &[("left", left), ("total", total)]);
            assert!(section.contains(&cut), "{cut}");
        }
        // Age 0 and 17 ages after it.
        assert_eq!(rows(section, "<details").len(), 1 + 18);
    }
    let english = page(&sample::run(3, 60, Language::En));
    let vietnamese = page(&sample::run(3, 60, Language::Vi));
    for words in [
        "complete calendar months up to 2017-12",
        "54.2%",
        "45.8%",
        "2.2 months",
        "5.3 months",
        "USD 32.12",
        "per customer who is active now, within 12 months",
        "contributes USD 38.41 of margin",
        "retained at 54.2%",
        "discounted at 0.797% a month; USD 12.50 is taken off",
        "nobody knows who will come back after 2017-12",
    ] {
        assert!(section(&english, "retention").contains(words), "{words}");
    }
    for words in ["54,2%", "2,2 tháng", "trong 12 tháng", "chiết khấu 0,797% mỗi tháng"] {
        assert!(section(&vietnamese, "retention").contains(words), "{words}");
    }
}

/// A buys in January, February and April 2017, B in January and March, C in February alone.
#[test]
fn a_cohort_table_by_hand() {
    let mut run = sample::run(2, 40, Language::En);
    let activity = [(0, 564), (0, 565), (0, 567), (1, 564), (1, 566), (2, 565)];
    record(&mut run).table = cohort_retention(&activity, 567).unwrap();
    let page = page(&run);
    let section = section(&page, "retention");
    assert_eq!(
        rows(section, "<table"),
        [
            "First purchase Customers +1 +2 +3",
            "2017-01 2 50.0% 50.0% 50.0%",
            "2017-02 1 0.0% 0.0% –",
            "All cohorts 3 33.3% 33.3% 50.0%",
        ]
    );
    assert_eq!(
        rows(section, "<details")[1..],
        [
            "0 3 100.0% 100.0% –",
            "1 3 33.3% 66.7% 66.7%",
            "2 3 33.3% 66.7% 100.0%",
            "3 2 50.0% 50.0% 50.0%",
        ]
    );
    // The darkest shade is that of the largest share shown.
    assert_eq!(section.matches("--share:1.000").count(), 3);
    assert!(!section.contains("Not shown"));
}

#[test]
fn no_figure_of_retention_is_a_dash_with_its_reason() {
    for language in BOTH {
        let texts = RetentionTexts::of(language);
        let mut run = sample::run(2, 40, language);
        let found = record(&mut run);
        (found.retention, found.defection, found.average_lifetime) = (None, None, None);
        (found.lifetime_value, found.lifetime_value_unlimited) = (None, None);
        found.average_lifetime_of_cohorts = None;
        found.table = cohort_retention(&[(0, 575), (1, 575)], 575).unwrap();
        let page = page(&run);
        let section = section(&page, "retention");
        assert_eq!(section.matches(&format!("<dd class=\"figure\">{NONE}</dd>")).count(), 6);
        assert_eq!(section.matches(texts.unknown).count(), 5);
        for words in [texts.so_far_none, texts.cohorts_none] {
            assert!(section.contains(words), "{words}");
        }
        assert!(!section.contains("<table") && !section.contains("<svg"));
    }
}

#[test]
fn where_nobody_is_lost_lifetime_and_value_have_no_end() {
    for language in BOTH {
        let texts = RetentionTexts::of(language);
        let mut run = sample::run(2, 40, language);
        let found = record(&mut run);
        (found.retention, found.defection, found.average_lifetime) = (Some(1.0), Some(0.0), None);
        (found.discount_rate_monthly, found.acquisition_cost) = (0.0, 0.0);
        found.lifetime_value_unlimited = None;
        let page = page(&run);
        let section = section(&page, "retention");
        for words in
            [texts.lifetime_endless, texts.unlimited_endless, texts.discount_none, texts.cost_none]
        {
            assert!(section.contains(words), "{words}");
        }
        assert_eq!(section.matches(&format!("<dd class=\"figure\">{NONE}</dd>")).count(), 2);
        assert!(!section.contains(texts.unknown));
    }
}

#[test]
fn a_hundred_years_of_retention() {
    let mut run = sample::run(2, 40, Language::Vi);
    let activity: Vec<(u32, i32)> = (0..1200).map(|month| (month as u32, month - 600)).collect();
    record(&mut run).table = cohort_retention(&activity, 599).unwrap();
    let page = page(&run);
    let section = section(&page, "retention");
    assert!(section.contains("1.188 trong 1.200 cohort"));
    assert!(section.contains("Hiển thị tuổi đến 60 trong 1.199 tháng"));
}

#[test]
fn campaign_response_in_both_languages() {
    for language in BOTH {
        let run = sample::run(3, 60, language);
        let page = page(&run);
        let (texts, section) = (CampaignTexts::of(language), section(&page, "campaign"));
        let found = run.manifest.campaign.as_ref().unwrap();
        let left = (found.by_cell.len() - 20).to_string();
        let total = found.by_cell.len().to_string();
        for words in [
            texts.lead.to_owned(),
            fill(texts.contacts_without, &[("n", "148")]),
            texts.break_even_note.into(),
            texts.index_note.into(),
            texts.by_recency.into(),
            texts.by_frequency.into(),
            texts.by_money.into(),
            texts.weights_note.into(),
            texts.weights_used.into(),
            fill(texts.cells_cut, &[("left", &left), ("total", &total)]),
        ] {
            assert!(section.contains(&words), "{words}");
        }
        for absent in [texts.index_none, texts.no_contacts, texts.weights_same] {
            assert!(!section.contains(absent), "{absent}");
        }
        // A head, at most 20 cells and all together.
        assert_eq!(rows(section, &format!("<h3>{}", texts.cells)).len(), 22);
    }
}

fn cell(scores: [u8; 3], contacted: u64, responded: u64) -> Contacted {
    let [recency, frequency, money] = scores;
    Contacted { recency, frequency, money, contacted, responded }
}

/// Break-even at 5%.
#[test]
fn sums_of_a_campaign_by_hand() {
    let mut run = sample::run(2, 40, Language::En);
    let cells = [cell([5, 5, 1], 400, 40), cell([5, 1, 1], 200, 10), cell([1, 1, 2], 1_000, 10)];
    run.manifest.campaign = Some(sample_portfolio::record(&cells, 0.5, 10.0, 0));
    let page = page(&run);
    let section = section(&page, "campaign");
    assert_eq!(
        rows(section, "<h3>By recency")[1..],
        ["5 600 50 8.3% +66.7", "1 1,000 10 1.0% −80.0", "All 1,600 60 3.8% −25.0"]
    );
    assert_eq!(
        rows(section, "<h3>By money")[1..],
        ["2 1,000 10 1.0% −80.0", "1 600 50 8.3% +66.7", "All 1,600 60 3.8% −25.0"]
    );
    assert_eq!(
        rows(section, "<h3>Cells")[1..],
        [
            "R5 F5 M1 400 40 10.0% +100.0",
            "R5 F1 M1 200 10 5.0% 0.0",
            "R1 F1 M2 1,000 10 1.0% −80.0",
            "All 1,600 60 3.8% −25.0",
        ]
    );
    for words in [
        "<dd class=\"figure\">5%</dd>",
        "break-even index −25.0",
        "2 of 3 cells reached the break-even rate; they hold 37.5% of the contacts and 83.3% of \
         the responses.",
        "of customers who had bought before</dd>",
    ] {
        assert!(section.contains(words), "{words}");
    }
    assert!(!section.contains("Not shown"));
}

#[test]
fn why_there_are_no_weights() {
    for language in BOTH {
        let texts = CampaignTexts::of(language);
        let few = [("contacted", "200"), ("responded", "12"), ("least", "30")];
        for (contacted, responded, reason) in [
            (200, 0, texts.none_no_response.to_owned()),
            (200, 200, texts.none_all.into()),
            (200, 12, fill(texts.none_few, &few)),
        ] {
            let mut run = sample::run(2, 40, language);
            let cells = [cell([3, 3, 3], contacted, responded)];
            run.manifest.campaign = Some(sample_portfolio::record(&cells, 0.5, 10.0, 0));
            let page = page(&run);
            let section = section(&page, "campaign");
            assert!(section.contains(&reason), "{reason}");
            assert!(!section.contains(texts.weights_note));
        }
    }
}

#[test]
fn weights_that_are_not_defined() {
    for language in BOTH {
        let texts = CampaignTexts::of(language);
        let mut run = sample::run(2, 40, language);
        let CampaignWeights::Fitted(model) = &mut run.manifest.campaign.as_mut().unwrap().weights
        else {
            panic!("the sample has weights");
        };
        model.coefficients = [-0.5, 0.25, 0.0];
        model.standard_errors = [Some(0.125), Some(0.25), None];
        (model.weights, model.negative) = (None, [true, false, false]);
        model.ridge = Some(RidgeReason::Collinear);
        let page = page(&run);
        let section = section(&page, "campaign");
        let negative = fill(texts.weights_negative, &[("scores", texts.recency)]);
        for words in [texts.weights_undefined, texts.weights_same, texts.ridge_collinear, &negative]
        {
            assert!(section.contains(words), "{words}");
        }
        assert!(!section.contains(texts.weights_used));
        let table = rows(section, &format!("<h3>{}", texts.weights));
        let point = if language == Language::En { "." } else { "," };
        assert_eq!(
            table[1..].iter().map(|row| row.replace(point, ".")).collect::<Vec<_>>(),
            [
                format!("{} – −0.500 0.125", texts.recency),
                format!("{} – 0.250 0.250", texts.frequency),
                format!("{} – – –", texts.money),
            ]
        );
    }
}

#[test]
fn a_campaign_without_cost_or_without_contacts() {
    for language in BOTH {
        let texts = CampaignTexts::of(language);
        let mut run = sample::run(2, 40, language);
        let cells = [cell([5, 4, 3], 10, 2), cell([1, 1, 1], 0, 0)];
        run.manifest.campaign = Some(sample_portfolio::record(&cells, 0.0, 10.0, 0));
        let free = page(&run);
        for words in [texts.rate_note_none, texts.index_none, texts.no_contacts] {
            assert!(section(&free, "campaign").contains(words), "{words}");
        }
        run.manifest.campaign = Some(sample_portfolio::record(&[], 0.5, 10.0, 7));
        let nobody = page(&run);
        let section = section(&nobody, "campaign");
        for words in [texts.rate_none, texts.nothing] {
            assert!(section.contains(words), "{words}");
        }
        assert!(section.contains(&format!("<dd class=\"figure\">{NONE}</dd>")));
        assert!(!section.contains("<table"));
    }
}

#[test]
fn without_records_no_sections_and_with_them_the_same_bytes() {
    let mut run = sample::run(3, 60, Language::Vi);
    assert_eq!(page(&run), page(&run.clone()));
    run.manifest.retention = None;
    run.manifest.campaign = None;
    let page = page(&run);
    assert!(!page.contains("id=\"retention\"") && !page.contains("id=\"campaign\""));
}
