//! The whole page: sections in both languages, well-formed, escaped, offline, and for odd runs.

use super::html;
use super::sample;
use super::texts::{StabilityTexts, Texts, ValueTexts, WalletTexts};
use crate::cluster::{Bounding, BoundsRecord, Clusters, Covariance, Merged, Noise};
use crate::features::AttributeColumn;
use crate::run::{FeatureValue, Run};
use crate::types::{Bilingual, Currency, GroupKey, Language, SegmentId, Warning};

const VOID: [&str; 5] = ["meta", "br", "hr", "img", "link"];

/// Fails where a tag is left open or closed out of turn, an attribute is not quoted, or an id
/// stands twice.
pub(super) fn assert_well_formed(page: &str) {
    let body = page.strip_prefix("<!DOCTYPE html>").expect("doctype");
    let mut open: Vec<&str> = Vec::new();
    let mut ids: Vec<&str> = Vec::new();
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let mut quoted = false;
        let end = tag
            .char_indices()
            .find(|(_, c)| {
                quoted ^= *c == '"';
                *c == '>' && !quoted
            })
            .map(|(at, _)| at)
            .expect("a tag ends");
        let inside = &tag[..end];
        rest = &tag[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "closing tag, {} left", rest.len());
            continue;
        }
        assert!(!inside.contains('<'), "a bare angle bracket in {inside:?}");
        let name = inside.split([' ', '/']).next().unwrap_or_default();
        if let Some((_, id)) = inside.split_once(" id=\"") {
            ids.push(id.split('"').next().unwrap_or_default());
        }
        if matches!(name, "td" | "th") {
            assert_eq!(open.last(), Some(&"tr"), "a cell within another: {inside:?}");
        }
        if !inside.ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("the style sheet ends")..];
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    for named in ["aria-describedby=\"", "aria-labelledby=\"", "href=\"#"] {
        for part in page.split(named).skip(1) {
            let id = part.split('"').next().unwrap_or_default();
            assert!(ids.binary_search(&id).is_ok(), "{named}{id} leads nowhere");
        }
    }
}

/// The page of `run`, checked for what every page must be.
pub(super) fn page(run: &Run) -> String {
    let page = html(run).unwrap();
    assert_well_formed(&page);
    for figure in ["NaN", "inf\"", "-0.0%"] {
        assert!(!page.contains(figure), "{figure}");
    }
    page
}

#[test]
fn every_section_in_both_languages() {
    for language in [Language::En, Language::Vi] {
        let run = sample::run(8, 3_000, language);
        let page = page(&run);
        let texts = Texts::of(language);
        assert!(page.contains(&format!("<html lang=\"{}\">", texts.lang)));
        for words in [
            texts.sizes_title,
            texts.table_title,
            StabilityTexts::of(language).title,
            texts.heat_title,
            texts.scatter_title,
            texts.flow_title,
            ValueTexts::of(language).title,
            WalletTexts::of(language).title,
            texts.curve_title,
            texts.quality_title,
            texts.details_title,
            texts.matrix,
            texts.transitions,
            texts.movement,
            texts.reasons,
            texts.all_medians,
            texts.attributes,
            texts.rejects,
            texts.inputs,
            texts.filled,
            texts.bins,
            texts.config,
            texts.warnings,
            texts.skip,
        ] {
            assert!(page.contains(words), "{words}");
        }
        // Both names of a group, whatever the page's language.
        assert!(page.contains("Potential loyalists"));
        assert!(page.contains("Khách hàng trung thành tiềm năng"));
        for words in ["2017-12-31-a1b2c3d4", "amount_zero", "9f86d081884c…", "household_id"] {
            assert!(page.contains(words), "{words}");
        }
    }
}

#[test]
fn the_caption_says_how_many_customers_are_shown() {
    let english = page(&sample::run(8, 12_345, Language::En));
    assert!(english.contains("2,000 of 12,345 customers shown."));
    let vietnamese = page(&sample::run(8, 12_345, Language::Vi));
    assert!(vietnamese.contains("Hiển thị 2.000 trên 12.345 khách hàng."));
}

#[test]
fn bounds_on_the_size_are_told_of() {
    let merged = BoundsRecord {
        by: Bounding::Merge,
        min_customers: 1_500,
        max_customers: None,
        k_before: 10,
        k: 8,
        merged: vec![Merged { customers: 900, with: 2_000 }, Merged { customers: 7, with: 3_000 }],
        split: Vec::new(),
        moved: 0,
        figures: None,
    };
    let (by, max_customers) = (Bounding::Assign, Some(4_000));
    let moved = BoundsRecord {
        by,
        max_customers,
        k_before: 8,
        merged: Vec::new(),
        moved: 1_234,
        ..merged.clone()
    };
    let kept = BoundsRecord { moved: 0, ..moved.clone() };
    let mut run = sample::run(8, 12_345, Language::En);
    assert!(!page(&run).contains("Bounds on the size"));
    for (record, words) in [
        (merged, "at least 1,500 customers. Of 10 segments, 2 too small were merged"),
        (moved.clone(), "1,234 of 12,345 customers are not in the nearest segment"),
        (kept, "from 1,500 to 4,000 customers, and had: nothing was changed"),
    ] {
        run.manifest.bounds = Some(record);
        assert!(page(&run).contains(words), "{words}");
    }
    let mut run = sample::run(8, 12_345, Language::Vi);
    run.manifest.bounds = Some(moved);
    assert!(page(&run).contains("1.234 trong 12.345 khách hàng không nằm ở phân khúc gần nhất"));
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let run = sample::run(6, 4_000, Language::Vi);
    assert_eq!(page(&run), page(&run.clone()));
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let page = page(&sample::run(8, 500, Language::En));
    let without = page.replace("http://www.w3.org/2000/svg", "");
    for reference in ["http://", "https://", "<script", "url(", "@import", "src=", "javascript:"] {
        assert!(!without.contains(reference), "{reference}");
    }
}

#[test]
fn everything_from_outside_is_escaped() {
    let evil = "</style></svg><script>alert(\"1\")</script><img src=x onerror='a'>&amp;\u{0}";
    let mut run = sample::run(3, 200, Language::En);
    let manifest = &mut run.manifest;
    manifest.series = evil.into();
    manifest.run_id = evil.into();
    manifest.currency = Currency(evil.into());
    manifest.segtrail_version = evil.into();
    manifest.created_at = evil.into();
    manifest.config = serde_json::json!({ evil: evil });
    manifest.inputs[0].path = evil.into();
    manifest.inputs[0].sha256 = evil.into();
    manifest.inputs[0].table = evil.into();
    manifest.rows.rejects.insert(evil.into(), Default::default());
    manifest.filled.insert(evil.into(), 1);
    manifest.effective_bins.insert(evil.into(), 1);
    manifest.selection.rule = evil.into();
    manifest.warnings.push(Warning::new(evil, evil));
    manifest.timings.push((evil.into(), 1.0));
    let both = || Bilingual { en: evil.into(), vi: evil.into() };
    run.segments.population.attributes.insert(evil.into(), [(evil.into(), 3)].into());
    for segment in &mut run.segments.segments {
        segment.standardised.insert(evil.into(), 1.0);
        segment.label.name = both();
        segment.label.description = both();
        segment.label.reason = both();
        segment.label.rule = evil.into();
        segment.label.color = evil.into();
        segment.profile.attributes.insert(evil.into(), [(evil.into(), 1)].into());
        let people = segment.representatives.as_mut().unwrap();
        people.typical[0].customer = evil.into();
        people.border[0].customer = evil.into();
        people.outliers[0].customer = evil.into();
        people.outliers[0].features[0].feature = evil.into();
        people.outliers[0].features[1].value = Some(FeatureValue::Text(evil.into()));
    }
    let comparison = run.comparison.as_mut().unwrap();
    comparison.previous_run = evil.into();
    comparison.group_flows[0].from = Some(GroupKey(evil.into()));
    run.features.columns[4].name = evil.into();
    run.features.attributes[0].name = evil.into();
    for row in (0..run.features.len()).step_by(2) {
        run.features.attributes[0].values[row] = Some(evil.into());
    }
    let page = page(&run);
    assert!(!page.contains("<script") && !page.contains("<img"));
    assert!(page.contains("&lt;script&gt;"));
    assert_eq!(page.matches("</style>").count(), 1);
}

#[test]
fn the_first_run_says_so() {
    for language in [Language::En, Language::Vi] {
        let mut run = sample::run(4, 100, language);
        run.comparison = None;
        run.manifest.previous_run = None;
        let page = page(&run);
        assert!(page.contains(Texts::of(language).flow_first));
        assert!(!page.contains(Texts::of(language).matrix));
    }
}

#[test]
fn one_segment_and_forty() {
    for (k, n) in [(1, 1), (1, 300), (40, 40), (40, 5_000)] {
        let page = page(&sample::run(k, n, Language::Vi));
        assert!(page.contains("S01"), "{k} {n}");
    }
}

#[test]
fn a_run_without_anything_still_has_its_page() {
    let mut run = sample::run(2, 10, Language::En);
    run.segments.segments.clear();
    run.assignments.clear();
    run.features = Default::default();
    run.model.features.clear();
    run.manifest.selection.candidates.clear();
    run.manifest.inputs.clear();
    run.manifest.rows = Default::default();
    run.manifest.warnings.clear();
    run.manifest.timings.clear();
    run.manifest.filled.clear();
    run.manifest.effective_bins.clear();
    run.manifest.first_purchase = None;
    run.segments.population.medians.clear();
    run.segments.population.attributes.clear();
    let comparison = run.comparison.as_mut().unwrap();
    comparison.group_flows.clear();
    comparison.transitions.clear();
    comparison.segments.clear();
    comparison.adjusted_rand_index = None;
    let page = page(&run);
    for words in ["No row was refused.", "No value had to be filled.", "no standardised profiles"] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn figures_that_lack_their_columns_are_left_out_with_a_sentence() {
    let mut run = sample::run(3, 100, Language::En);
    run.features.columns.retain(|column| column.name != "recency_days");
    assert!(page(&run).contains("This figure needs the features Days since last purchase and"));
    let mut run = sample::run(3, 100, Language::En);
    for column in &mut run.features.columns {
        column.values.fill(f64::NAN);
    }
    assert!(page(&run).contains("No customer has both"));
}

#[test]
fn stability_is_told_in_words_and_an_older_run_shows_what_it_has() {
    let run = sample::run(8, 3_000, Language::En);
    let english = page(&run);
    for words in [
        "Out of 2,000 customers, 100 samples of the same size were drawn with replacement and 100 \
         of 1,000 without.",
        "Of 3,000 customers, a sample of 2,000 was used.",
        "3 resamples gave no model and do not count.",
        "a pattern, who belongs to it is doubtful",
        "0.95 highly stable",
        "97 of 97",
    ] {
        assert!(english.contains(words), "{words}");
    }
    let vietnamese = page(&sample::run(8, 3_000, Language::Vi));
    assert!(vietnamese.contains("rất ổn định") && vietnamese.contains("Từ 2.000 khách hàng"));

    let mut older = run;
    older.manifest.stability = None;
    for segment in &mut older.segments.segments {
        (segment.stability, segment.silhouette, segment.separation) = (None, None, None);
    }
    let page = page(&older);
    assert!(!page.contains(StabilityTexts::of(Language::En).title));
    assert!(page.contains("0.97 highly stable"), "from the figure alone");
}

#[test]
fn odd_revenue() {
    let mut zero = sample::run(3, 100, Language::En);
    zero.manifest.revenue = 0.0;
    for segment in &mut zero.segments.segments {
        segment.profile.revenue = 0.0;
        segment.profile.share_of_revenue = None;
    }
    assert!(page(&zero).contains("the total revenue is not above zero"));

    let mut negative = sample::run(3, 100, Language::En);
    negative.segments.segments[0].profile.revenue = -1234.5;
    negative.segments.segments[0].profile.share_of_revenue = Some(-0.123);
    negative.segments.segments[1].profile.share_of_revenue = Some(1.4);
    let page_of_negative = page(&negative);
    assert!(page_of_negative.contains("−1,234.50") && page_of_negative.contains("−12.3%"));

    let mut huge = sample::run(3, 100, Language::Vi);
    huge.manifest.revenue = 1e18;
    for segment in &mut huge.segments.segments {
        segment.profile.revenue = 4e17;
        segment.profile.customers = usize::MAX / 4;
        segment.standardised.values_mut().for_each(|z| *z = 1e300);
    }
    for column in &mut huge.features.columns {
        column.values.iter_mut().for_each(|value| *value = f64::MAX / 2.0);
    }
    for fit in &mut huge.manifest.selection.candidates {
        fit.bic = fit.bic.map(|_| -1e300 * fit.k as f64);
    }
    assert!(page(&huge).contains("1,00×10^18 VND"));
}

#[test]
fn texts_longer_than_their_place() {
    let mut run = sample::run(9, 300, Language::Vi);
    for segment in &mut run.segments.segments {
        let long = "Khách hàng rất rất trung thành và mua nhiều ".repeat(6);
        segment.label.name = Bilingual { en: "W".repeat(200), vi: long };
        for at in 0..30 {
            segment.standardised.insert(format!("a_feature_of_a_long_name_{at}"), 0.5);
        }
    }
    let page = page(&run);
    assert!(page.contains('…'));
    assert!(page.contains("min-width:"), "a heat map of many features scrolls in its own box");
}

#[test]
fn mixture_not_converged_and_lineage_beyond_two_digits() {
    let mut run = sample::run(2, 50, Language::En);
    run.model.clusters = Clusters::Gmm {
        weights: vec![0.5, 0.5],
        means: vec![vec![0.0]; 2],
        covariances: vec![vec![vec![1.0]]; 2],
        covariance: Covariance::Full,
        noise: None,
        log_likelihood: -1.0,
    };
    run.manifest.converged = false;
    run.segments.segments[0].segment = SegmentId(123);
    let page = page(&run);
    assert!(!page.contains("covariances shared") && !page.contains("outliers of weight"));
    let Clusters::Gmm { covariance, noise, .. } = &mut run.model.clusters else { unreachable!() };
    (*covariance, *noise) = (Covariance::Tied, Some(Noise { weight: 0.125, log_density: -2.0 }));
    let tied = self::page(&run);
    assert!(tied.contains("covariances shared by all segments"));
    assert!(tied.contains("a component for outliers of weight 12.5"));
    assert!(page.contains("Gaussian mixture with k = 2") && page.contains("did not converge"));
    assert!(page.contains("S123"));
}

#[test]
fn many_values_of_an_attribute_are_counted() {
    let mut run = sample::run(2, 2_000, Language::En);
    run.features.attributes.push(AttributeColumn {
        name: "Market Town".into(),
        values: (0..run.features.len())
            .map(|row| Some(format!("town {}", row % 40).into()))
            .collect(),
    });
    assert!(page(&run).contains("Market Town: the 12 most frequent of 40 values are shown."));
}

#[test]
fn candidates_have_method_and_covariances_in_columns_of_their_own() {
    let mut run = sample::run(3, 200, Language::En);
    let head = "<th scope=\"col\">Covariances</th>";
    let method = "<th scope=\"row\"><span class=\"whole\">Gaussian mixture</span></th>";
    let full = page(&run);
    assert!(
        full.contains(head) && full.contains(&format!("{method}<td class=\"whole\">diagonal</td>"))
    );
    assert!(full.contains(&format!("{method}<td class=\"whole\">own</td>")));
    let kmeans =
        "<th scope=\"row\"><span class=\"whole\">k-means</span></th><td class=\"whole\">–</td>";
    let kept = format!("{kmeans}<td class=\"number\">3</td><td><strong>yes</strong></td>");
    assert_eq!(full.matches(&kept).count(), 1, "the fit that was kept");
    assert_eq!(full.matches("<td><strong>yes</strong></td>").count(), 1);
    // With one shape there is nothing to tell apart.
    run.manifest.selection.candidates.retain(|of| of.covariance != Some(Covariance::Diagonal));
    let one = page(&run);
    assert!(!one.contains(head) && one.contains(method));
}
