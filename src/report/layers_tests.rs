//! The page of a run with layers and hundreds of segments: grouped by stage, long tables folded,
//! figures of the leading segments with a word about the rest.

use std::collections::BTreeMap;

use super::sample;
use super::texts::LayersTexts;
use super::view::{MOST_OF_STAGE, MOST_SEGMENTS, View};
use crate::cluster::{
    LayerRecord, LayeredModel, LayersRecord, Method, MicroId, Selection, StageRecord,
};
use crate::features::{LifecycleRecord, LifecycleRules, Stage};
use crate::run::Run;
use crate::types::Language;

/// A run of 120 micro-segments in three stages, one of them a stage that is not divided.
fn run(language: Language) -> Run {
    let mut run = sample::run(120, 2_400, language);
    let rules = LifecycleRules {
        new_within_days: 60.0,
        at_risk_after_days: 60.0,
        at_risk_gaps: 2.5,
        lapsed_after_days: 180.0,
        lapsed_gaps: 4.0,
        reactivated_within_days: 60.0,
        population_gap_days: Some(31.0),
    };
    let mut customers = BTreeMap::new();
    for (at, segment) in run.segments.segments.iter_mut().enumerate() {
        let (stage, string) = match at {
            0 => (Stage::Lapsed, Vec::new()),
            _ if at % 2 == 0 => (Stage::New, vec![("value".to_owned(), at as u32)]),
            _ => (Stage::Active, vec![("value".to_owned(), at as u32), ("basket".to_owned(), 2)]),
        };
        *customers.entry(stage).or_default() += segment.profile.customers;
        segment.micro = Some(MicroId { stage, string });
    }
    let layer = |left_out: &[&str]| LayerRecord {
        layer: "value".into(),
        features: vec!["monetary_total".into()],
        left_out: left_out.iter().map(ToString::to_string).collect(),
        method: Method::Kmeans,
        customers: vec![800, 400],
        converged: true,
        selection: Selection { candidates: Vec::new(), ..run.manifest.selection.clone() },
    };
    let stage = |stage: Stage, micro_segments: usize, layers: Vec<LayerRecord>| StageRecord {
        stage,
        customers: customers[&stage],
        too_small: layers.is_empty(),
        micro_segments,
        strings: micro_segments + 2,
        merged_strings: 2,
        merged_customers: 11,
        layers,
    };
    run.manifest.layers = Some(LayersRecord {
        rule: "the smallest goes first".into(),
        min_customers: 25,
        micro_segments: 120,
        strings: 126,
        merged_strings: 6,
        merged_customers: 33,
        stages: vec![
            stage(Stage::New, 59, vec![layer(&["gap_mean_days"])]),
            stage(Stage::Active, 60, vec![layer(&[])]),
            stage(Stage::Lapsed, 1, Vec::new()),
        ],
    });
    run.manifest.customers.prospects = 7;
    run.manifest.lifecycle = Some(LifecycleRecord { rules: rules.clone(), customers });
    run.manifest.selection.candidates.clear();
    run.model.layers =
        Some(LayeredModel { lifecycle: rules, stages: Vec::new(), segments: Vec::new() });
    run
}

#[test]
fn segments_stand_by_stage_and_every_one_is_on_the_page() {
    for language in [Language::En, Language::Vi] {
        let run = run(language);
        let page = super::html(&run).unwrap();
        let words = LayersTexts::of(language);
        assert!(page.contains(&format!("<h2 id=\"layers-title\">{}</h2>", words.title)));
        for stage in [words.new, words.active, words.lapsed] {
            assert!(page.contains(&format!("<h3>{stage}: ")), "{stage}");
        }
        let string = match language {
            Language::En => "value 1, basket 2",
            Language::Vi => "giá trị 1, giỏ hàng 2",
        };
        assert!(page.contains(string));
        for segment in &run.segments.segments {
            let id = segment.segment.to_string();
            assert!(page.contains(&format!("<th scope=\"row\">{id}</th>")), "{id}");
        }
        // Stages of 60 and 59 segments are folded after the first rows.
        for more in [60 - MOST_OF_STAGE, 59 - MOST_OF_STAGE] {
            let line = words.rest.replace("{n}", &more.to_string());
            assert!(page.contains(&format!("<summary>{line}</summary>")), "{line}");
        }
        assert!(!page.contains("id=\"curve\""), "nothing was weighed for all");
        super::tests::assert_well_formed(&page);
        assert!(!page.contains("{n}") && !page.contains("{least}"));
    }
}

#[test]
fn figures_show_the_leading_segments_and_say_so() {
    let run = run(Language::En);
    let view = View::new(&run);
    assert_eq!(view.leading().len(), MOST_SEGMENTS);
    let cut = view.cut().unwrap();
    assert!(cut.contains("30") && cut.contains("120"), "{cut}");
    let page = super::html(&run).unwrap();
    assert!(page.matches(&cut).count() >= 4, "sizes, profiles, recency, medians");
    assert_eq!(super::figures::sizes::bars(&view).len(), MOST_SEGMENTS);
    assert_eq!(super::figures::heat::heat(&view).unwrap().rows.len(), MOST_SEGMENTS);
    let scatter = super::figures::scatter::scatter(&view).unwrap();
    assert_eq!(scatter.marks.len(), MOST_SEGMENTS);
    assert!(scatter.points.iter().all(|point| point.segment < MOST_SEGMENTS));
    let shown: usize = view.leading().iter().map(|segment| segment.profile.customers).sum();
    assert_eq!(scatter.total, shown);
}

#[test]
fn the_section_counts_stages_layers_and_what_was_merged() {
    let page = super::html(&run(Language::En)).unwrap();
    for words in [
        "120 micro-segments in 3 stages",
        "6 of 126 combinations of classes have fewer than 25 customers; their 33 customers",
        "one micro-segment: fewer than twice 25 customers",
        "no segment: nothing bought yet",
        "2.5 typical gaps",
        "31 days, the median of all",
        "left out: Days between purchases",
        "800 · 400",
        "1 layers in 3 stages, 120 micro-segments",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_flat_run_of_few_segments_is_shown_whole() {
    let run = sample::run(8, 400, Language::En);
    let view = View::new(&run);
    assert_eq!((view.leading().len(), view.cut(), view.stages()), (8, None, None));
    let page = super::html(&run).unwrap();
    assert!(!page.contains("id=\"layers\"") && page.contains("id=\"curve\""));
}
