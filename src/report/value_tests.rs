//! Customer value, share of wallet and the page of a validation: both languages, the figures that
//! are not defined, free texts escaped, odd records.

use super::format::{Format, NONE};
use super::sample;
use super::sample_value;
use super::tests::{assert_well_formed, page};
use super::texts::{Texts, ValidationTexts, ValueTexts, WalletTexts, fill};
use super::validation_html;
use crate::features::clv::validate::Validation;
use crate::features::clv::{Method, SpendMethod};
use crate::run::Run;
use crate::types::{Currency, Language, Warning};

const EVIL: &str = "</style><script>alert('x')</script><img src=x onerror=\"alert(1)\">&";
const BOTH: [Language; 2] = [Language::En, Language::Vi];

fn validation_page(validation: &Validation, language: Language) -> String {
    let currency = Currency("USD".into());
    let page = validation_html(validation, "cdnow", &currency, language).unwrap();
    assert_well_formed(&page);
    for figure in ["NaN", "inf\"", "-0.0%"] {
        assert!(!page.contains(figure), "{figure}");
    }
    page
}

pub(super) fn section<'a>(page: &'a str, id: &str) -> &'a str {
    let from = page.find(&format!("<section id=\"{id}\"")).expect("the section");
    let rest = &page[from..];
    &rest[..rest.find("</section>").expect("its end")]
}

/// The text of an element, without tags.
pub(super) fn words(markup: &str) -> String {
    markup.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect()
}

fn clv(run: &mut Run) -> &mut crate::features::ClvRecord {
    run.manifest.clv.as_mut().unwrap()
}

#[test]
fn customer_value_in_both_languages() {
    for language in BOTH {
        let run = sample::run(6, 500, language);
        let page = page(&run);
        let (texts, section) = (ValueTexts::of(language), section(&page, "value"));
        for words in [
            texts.expected_orders,
            texts.residual,
            texts.hiatus,
            texts.by_segment,
            texts.share_of_clv,
            texts.how,
            texts.used,
            texts.refused,
            texts.spend,
            texts.left_out,
            texts.regularity,
            texts.diagnostics,
            texts.no_errors,
        ] {
            assert!(section.contains(words), "{words}");
        }
        let format = Format { language, currency: run.manifest.currency.clone() };
        let totals = &run.manifest.clv.as_ref().unwrap().totals;
        let orders = format.decimal(totals.expected_orders, 0);
        let error = format.decimal(totals.expected_orders_error.unwrap(), 0);
        assert!(section.contains(&format!("{orders} ± {error}")));
        assert!(section.contains(&format.headline(totals.clv)));
    }
    let english = page(&sample::run(6, 500, Language::En));
    for words in [
        "1 month = 4.345 weeks",
        "within 12 months; 30% of spend is margin; discounted at 10% a year, compounded monthly \
         at 0.797%",
        "silent for more than 61 days",
        "1.18 (95% interval 1.11 to 1.26)",
        "beyond ±0.3",
        "4.2×10^−4",
    ] {
        assert!(section(&english, "value").contains(words), "{words}");
    }
    let vietnamese = page(&sample::run(6, 500, Language::Vi));
    for words in ["1 tháng = 4,345 tuần", "12 tháng", "chiết khấu 10% mỗi năm", "0,797%"]
    {
        assert!(section(&vietnamese, "value").contains(words), "{words}");
    }
    assert!(vietnamese.contains("hàm hợp lý chưa hội tụ (gradient "));
    // A text of the record that has no other words is marked as English where the page is not.
    let said = |language| {
        let mut run = sample::run(6, 500, language);
        let attempts = &mut run.manifest.clv.as_mut().expect("value").attempts;
        attempts[0].reason = "a reason of a release to come".into();
        page(&run)
    };
    assert!(said(Language::Vi).contains("<span lang=\"en\">a reason of a release to come"));
    assert!(!said(Language::En).contains("<span lang=\"en\">a reason"));
}

#[test]
fn a_run_without_a_forecast_has_no_such_section() {
    let mut run = sample::run(3, 50, Language::En);
    run.manifest.clv = None;
    run.manifest.wallet = None;
    let page = page(&run);
    assert!(!page.contains("id=\"value\"") && !page.contains("id=\"wallet\""));
    assert!(!page.contains(ValueTexts::of(Language::En).clv_note));
}

#[test]
fn what_is_not_defined_is_a_dash_with_its_reason() {
    for language in BOTH {
        let texts = ValueTexts::of(language);
        let mut run = sample::run(3, 60, language);
        let record = clv(&mut run);
        record.method = Method::Hiatus;
        record.hiatus_days = None;
        record.regularity = None;
        record.spend.method = SpendMethod::ShrunkenMean;
        record.spend.correlation = None;
        record.spend.fit = None;
        record.spend.left_out = None;
        record.spend.prior_orders = Some(2.0);
        record.totals.expected_orders_error = None;
        record.totals.residual_value = None;
        record.attempts.truncate(1);
        record.attempts[0].method = Method::Hiatus;
        record.attempts[0].accepted = true;
        record.attempts[0].fit = None;
        for name in ["p_alive", "clv"] {
            let column = run.features.columns.iter_mut().find(|column| column.name == name);
            column.unwrap().values.fill(f64::NAN);
        }
        let page = page(&run);
        let section = section(&page, "value");
        let rule = super::texts::method(Method::Hiatus, language);
        for words in [
            fill(texts.residual_rule, &[("orders", rule)]),
            fill(
                texts.orders_note_rule,
                &[
                    ("horizon", &crate::types::duration_in_words("12 months", language)),
                    ("orders", rule),
                ],
            ),
            fill(texts.undefined, &[("n", "60")]),
            texts.hiatus_note_none.into(),
            texts.regularity_none.into(),
            texts.correlation_none.into(),
            texts.still_none.into(),
            texts.share_undefined.into(),
        ] {
            assert!(section.contains(&words), "{words}");
        }
        assert!(section.contains(&format!("<dd class=\"figure\">{NONE}</dd>")));
        assert!(!section.contains(" ± "), "no error is known");
        // The mean and the sum of a segment, and the total: none is 0.
        assert!(section.matches(&format!(">{NONE}<")).count() >= 4 * 4, "{section}");
    }
}

#[test]
fn a_discount_rate_of_0_and_a_margin_of_all() {
    let mut run = sample::run(3, 60, Language::En);
    let record = clv(&mut run);
    record.discount_rate = 0.0;
    record.discount_rate_monthly = 0.0;
    record.totals.residual_value = None;
    record.margin.rate = 1.0;
    let value = page(&run);
    assert!(value.contains("not defined at a discount rate of 0"));
    assert!(value.contains("all of spend counts as margin; not discounted: the rate is 0"));
    clv(&mut run).margin.from_costs = true;
    clv(&mut run).margin.rate = -0.125;
    assert!(page(&run).contains("−12.5% of spend is margin, as the column of costs gives it"));
}

#[test]
fn columns_that_the_run_lacks_are_named() {
    let mut run = sample::run(3, 60, Language::En);
    run.features.columns.retain(|column| column.name != "clv");
    assert!(page(&run).contains("does not have the columns clv, so value by segment"));
}

#[test]
fn purchases_far_from_random_are_said_to_be() {
    let mut run = sample::run(2, 60, Language::Vi);
    clv(&mut run).regularity.as_mut().unwrap().interval = (2.1, 2.6);
    let texts = ValueTexts::of(Language::Vi);
    let page = page(&run);
    assert!(page.contains(texts.regularity_far) && !page.contains(texts.regularity_near));
}

#[test]
fn free_texts_are_escaped_everywhere() {
    let mut run = sample::run(3, 60, Language::Vi);
    let record = clv(&mut run);
    record.horizon = EVIL.into();
    record.spend.reason = EVIL.into();
    for attempt in &mut record.attempts {
        attempt.reason = EVIL.into();
        attempt.fit.as_mut().unwrap().parameters[0].name = EVIL.into();
    }
    let wallet = run.manifest.wallet.as_mut().unwrap();
    wallet.providers.as_mut().unwrap().providers[0].provider = EVIL.into();
    wallet.categories[0].category = Some(EVIL.into());
    wallet.survey.as_mut().unwrap().providers[0].0 = EVIL.into();
    let model = wallet.model.as_mut().unwrap();
    model.reason = Some(EVIL.into());
    model.candidates[2].reason = Some(EVIL.into());
    model.design.columns[0] = EVIL.into();
    model.design.left_out[0] = (EVIL.into(), EVIL.into());
    model.design.missing[0].0 = EVIL.into();
    let mut validation = sample_value::validation();
    validation.warnings = vec![Warning::new(EVIL, EVIL)];
    validation.not_fitted.insert(Method::Cohort, EVIL.into());
    validation.attempts[0].reason = EVIL.into();
    validation.frequency_classes[0].repeat_purchases = EVIL.into();
    let currency = Currency(EVIL.into());
    let of_validation = validation_html(&validation, EVIL, &currency, Language::En).unwrap();
    assert_well_formed(&of_validation);
    for page in [page(&run), of_validation] {
        assert!(!page.contains("<script") && !page.contains("<img"));
        assert!(page.contains("&lt;script&gt;"));
        assert_eq!(page.matches("</style>").count(), 1);
    }
}

#[test]
fn the_validation_in_both_languages_twice_the_same_and_alone() {
    for language in BOTH {
        let mut validation = sample_value::validation();
        validation.verdict = "what the record says is not read".into();
        let page = validation_page(&validation, language);
        let (texts, value) = (ValidationTexts::of(language), ValueTexts::of(language));
        for words in [
            texts.title,
            texts.good_mark,
            texts.customers,
            texts.newcomers,
            texts.methods,
            texts.happened,
            texts.classes,
            texts.weeks,
            texts.top,
            texts.best_possible,
            texts.chosen,
            value.other_parameters,
            value.diagnostics,
            Texts::of(language).warnings,
        ] {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains(&validation.verdict));
        assert_eq!(page, validation_page(&validation.clone(), language));
        let without = page.replace("http://www.w3.org/2000/svg", "");
        for reference in ["http://", "https://", "<script", "url(", "@import", "src="] {
            assert!(!without.contains(reference), "{reference}");
        }
    }
    let english = validation_page(&sample_value::validation(), Language::En);
    for words in [
        "Pareto/NBD is no worse than the hiatus rule",
        "Error of total orders: −3.7% (1,812 forecast, 1,882 happened); by the hiatus rule −25.1% \
         (1,410 forecast).",
        "root mean square error 1.62 orders, by the hiatus rule 1.84",
        "up to 30 September 1997",
        "1 October 1997 to 30 June 1998",
        "1 month = 4.345 weeks",
    ] {
        assert!(english.contains(words), "{words}");
    }
    let vietnamese = validation_page(&sample_value::validation(), Language::Vi);
    assert!(vietnamese.contains("Pareto/NBD không kém quy tắc vắng mặt"));
    assert!(vietnamese.contains("−3,7% (dự báo 1.812, thực tế 1.882)"));
}

#[test]
fn a_model_that_loses_to_the_rule_is_marked() {
    for language in BOTH {
        let mut validation = sample_value::validation();
        validation.scores[0].no_worse_than_hiatus = false;
        validation.scores[0].orders_error = Some(0.4);
        let page = validation_page(&validation, language);
        let texts = ValidationTexts::of(language);
        let claim = fill(texts.bad, &[("model", "Pareto/NBD")]);
        assert!(page.contains("class=\"verdict bad\"") && page.contains(&claim));
        assert!(page.contains(texts.bad_mark) && !page.contains(texts.good_mark));
        let remedy = words(&format!("<p>{}</p>", texts.remedy.replace('"', "&quot;")));
        assert!(page.contains(&remedy), "{remedy}");
    }
}

#[test]
fn the_rule_itself_no_order_and_nothing_fitted() {
    for language in BOTH {
        let texts = ValidationTexts::of(language);
        let mut itself = sample_value::validation();
        itself.scores.iter_mut().for_each(|score| score.taken = score.method == Method::Hiatus);
        itself.attempts.clear();
        let page = validation_page(&itself, language);
        assert!(page.contains("class=\"verdict open\"") && page.contains(texts.itself));

        let mut silent = sample_value::validation();
        (silent.orders, silent.spend) = (0.0, 0.0);
        silent.best_possible.lift = None;
        for score in &mut silent.scores {
            score.orders_error = None;
            score.spend_error = None;
            score.correlation = None;
            score.top_decile.lift = None;
        }
        let page = validation_page(&silent, language);
        let counts = match language {
            Language::En => ["1,812", "1,410"],
            Language::Vi => ["1.812", "1.410"],
        };
        let sentence = fill(texts.no_orders, &[("forecast", counts[0]), ("rule", counts[1])]);
        for words in [
            sentence.as_str(),
            texts.undefined_orders,
            texts.undefined_spend,
            texts.undefined_correlation,
            texts.top_none,
        ] {
            assert!(page.contains(words), "{words}");
        }
        let table = section(&page, "methods");
        assert_eq!(table.matches(&format!(">{NONE}</td>")).count(), 5 * 5);

        let mut nothing = sample_value::validation();
        nothing.scores.clear();
        nothing.attempts.clear();
        nothing.weeks.clear();
        nothing.frequency_classes.clear();
        nothing.not_fitted.insert(Method::ParetoNbd, "no customer has bought twice".into());
        let page = validation_page(&nothing, language);
        for words in [texts.open, texts.open_sentence, texts.classes_none, texts.weeks_none] {
            assert!(page.contains(words), "{words}");
        }
        assert!(page.contains("no customer has bought twice"));
    }
}

#[test]
fn the_best_of_each_column_is_marked_and_equals_share_the_mark() {
    let mut validation = sample_value::validation();
    validation.scores[1].orders_error = Some(0.0371);
    let page = validation_page(&validation, Language::En);
    let rows: Vec<&str> = section(&page, "methods").split("<tr>").skip(2).collect();
    let marks: Vec<usize> =
        rows.iter().map(|row| row.matches("<td class=\"number best\"").count()).collect();
    // Pareto/NBD in all seven; BG/NBD with +3.7% beside −3.7%; MBG/NBD ties in three; no mark
    // for the rest and for what happened.
    assert_eq!(marks, [7, 1, 3, 0, 0, 0]);
    assert!(words(rows[1]).contains("✓ best of its column: +3.7%"), "{}", words(rows[1]));
}

#[test]
fn share_of_wallet_in_both_languages() {
    for language in BOTH {
        let page = page(&sample::run(3, 60, language));
        let (texts, section) = (WalletTexts::of(language), section(&page, "wallet"));
        for words in [
            texts.observed,
            texts.survey,
            texts.modelled,
            texts.none,
            texts.aggregate_share,
            texts.mean_share,
            texts.guard,
            texts.sell,
            texts.hold,
            texts.nothing,
            texts.requirement,
            texts.penetration,
            texts.by_category,
            texts.survey_valid,
            texts.loss,
            texts.no_size,
        ] {
            assert!(section.contains(words), "{words}");
        }
        for words in ["Kroger", "tenure_days", "<span lang=\"en\">1,990 customers are fewer"] {
            let words = if language == Language::En {
                words.replace(" lang=\"en\"", "")
            } else {
                words.into()
            };
            assert!(section.contains(&words), "{words}");
        }
    }
    let page = page(&sample::run(3, 60, Language::En));
    let section = words(section(&page, "wallet"));
    for words in [
        "High share: from 52.0% on. Large wallet: from USD 1,240.50 on.",
        "1,235 customers (27.5%)",
        "still to be won USD 2,909,600",
        "336 customers have no share or no size",
        "72 nearest customers",
        "47.90 ± 0.96",
        "7 customers with own spend do not name",
    ] {
        assert!(section.contains(words), "{words}");
    }
}

#[test]
fn a_wallet_of_which_little_is_known() {
    for language in BOTH {
        let texts = WalletTexts::of(language);
        let mut run = sample::run(2, 40, language);
        let wallet = run.manifest.wallet.as_mut().unwrap();
        wallet.sources.clear();
        wallet.coverage = Default::default();
        wallet.providers = None;
        wallet.categories.clear();
        wallet.matrix = None;
        wallet.contradicted = 0;
        let survey = wallet.survey.as_mut().unwrap();
        (survey.valid, survey.multi_brand_share, survey.mean_usage_set) = (false, None, None);
        survey.providers = vec![("A".into(), None)];
        let model = wallet.model.as_mut().unwrap();
        (model.chosen, model.reason) = (None, Some("3 customers are too few".into()));
        model.candidates.clear();
        model.design = Default::default();
        let page = page(&run);
        let section = section(&page, "wallet");
        for words in [texts.matrix_none, texts.survey_invalid, texts.model_none, texts.design_none]
        {
            assert!(section.contains(words), "{words}");
        }
        assert!(section.contains("3 customers are too few"));
        assert!(!section.contains(texts.providers) || texts.providers == texts.provider);
    }
}

#[test]
fn many_providers_and_categories_are_counted() {
    let mut run = sample::run(2, 40, Language::En);
    let wallet = run.manifest.wallet.as_mut().unwrap();
    let shares = wallet.providers.as_mut().unwrap();
    shares.providers = (0..57)
        .map(|at| {
            let mut one = shares.providers[1].clone();
            (one.provider, one.amount) = (format!("shop {at:02}"), 1_000 * at);
            one
        })
        .collect();
    let category = wallet.categories[0].clone();
    wallet.categories = vec![category; 31];
    let page = page(&run);
    assert!(page.contains("The 20 largest of 57 providers are shown"));
    assert!(page.contains("20 of 31 categories are shown"));
    assert!(page.contains("shop 56") && !page.contains("shop 36<"));
}

#[test]
fn huge_figures_are_drawn() {
    let mut run = sample::run(4, 80, Language::Vi);
    for column in &mut run.features.columns {
        column.values.iter_mut().for_each(|value| *value = f64::MAX / 4.0);
    }
    let record = clv(&mut run);
    record.totals.clv = 1e300;
    record.totals.residual_value = Some(f64::MAX);
    record.attempts[1].fit.as_mut().unwrap().parameters[0].value = 1e-300;
    assert!(page(&run).contains("1,0×10^−300"));
    let mut validation = sample_value::validation();
    for week in &mut validation.weeks {
        week.actual *= 1e290;
    }
    validation.scores[0].orders = f64::MAX;
    validation.scores[0].top_decile.lift = Some(1e12);
    validation_page(&validation, Language::En);
}
