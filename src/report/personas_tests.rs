//! The section of personas: every card, every block, both languages, nothing of few customers.

use super::sample;
use super::tests::page;
use super::texts::{PersonaTexts, Texts};
use crate::features::{AttributeColumn, FeatureColumn, LIFECYCLE_COLUMN, Unit};
use crate::label::Treatment;
use crate::run::{Count, Run, personas};
use crate::types::{Bilingual, GroupKey, Language, SegmentId};

/// The section alone.
fn section(page: &str) -> &str {
    let from = page.find("<section id=\"personas\"").expect("the section");
    let rest = &page[from..];
    &rest[..rest.find("</section>").expect("its end")]
}

fn said(en: &str, vi: &str) -> Bilingual {
    Bilingual { en: en.into(), vi: vi.into() }
}

/// A run with all that a card may tell: treatments, stages, a number, origins.
fn full(language: Language) -> Run {
    let mut run = sample::run(12, 3_000, language);
    for segment in &mut run.segments.segments {
        segment.label.treatment = Some(Treatment {
            action: said("Thank them.", "Tri ân họ."),
            channel: said("A call.", "Gọi điện."),
            avoid: said("Mass mailings.", "Gửi tin đại trà."),
        });
    }
    let rows = 0..run.features.len();
    run.features.methods.push(AttributeColumn {
        name: LIFECYCLE_COLUMN.into(),
        values: rows
            .clone()
            .map(|row| Some(["active", "at_risk", "new"][row % 3].into()))
            .collect(),
    });
    run.features.columns.push(FeatureColumn {
        name: "age".into(),
        unit: Unit::Attribute,
        values: rows.map(|row| 18.0 + (row % 60) as f64).collect(),
    });
    for (at, assignment) in run.assignments.iter_mut().enumerate() {
        assignment.previous_segment = match at % 4 {
            0 => None,
            1 => Some(SegmentId(1)),
            _ => assignment.segment,
        };
        assignment.previous_group = (at % 4 == 1).then(|| GroupKey("cannot_lose".into()));
    }
    run
}

#[test]
fn every_block_in_both_languages() {
    for language in [Language::En, Language::Vi] {
        let run = full(language);
        let cards = personas(&run);
        let page = page(&run);
        let section = section(&page);
        let words = PersonaTexts::of(language);
        for said in [
            words.title,
            words.lead,
            words.who,
            words.buying,
            words.worth,
            words.journey,
            words.typical,
            words.treatment,
            words.action,
            words.channel,
            words.avoid,
            words.stages,
            words.origins,
            words.stayed,
            words.entered,
            words.to_come,
            words.own,
        ] {
            assert!(section.contains(said), "{said}");
        }
        let treated = if language == Language::Vi { "Tri ân họ." } else { "Thank them." };
        assert!(section.contains(treated));
        // One card a group, and one more for each segment of a group that has several.
        let several = cards.groups.iter().filter(|card| card.segments.len() > 1);
        let expected = cards.groups.len() + several.map(|card| card.segments.len()).sum::<usize>();
        assert_eq!(section.matches("<article class=\"persona\"").count(), expected);
        assert!(cards.segments.len() > cards.groups.len(), "the sample has both kinds");
        assert!(!section.contains("at_risk") && !section.contains(">cannot_lose"));
    }
}

#[test]
fn cells_of_few_customers_stand_neither_on_the_page_nor_in_the_record() {
    let mut run = full(Language::En);
    let regions = ["north", "north", "north", "south", "south", "east"];
    run.features.attributes.push(AttributeColumn {
        name: "region".into(),
        values: (0..run.features.len())
            .map(|row| Some(if row % 199 == 0 { "islands" } else { regions[row % 6] }.into()))
            .collect(),
    });
    let cards = personas(&run);
    let cells = || {
        (cards.groups.iter().chain(&cards.segments)).flat_map(|card| {
            let portraits = card.portrait.iter().chain(&card.stages).chain(&card.origins);
            portraits.flat_map(|portrait| portrait.cells.iter().map(|cell| cell.customers))
        })
    };
    let shown = |count: Count| match count {
        Count::Exact(customers) => Some(customers),
        Count::Between { .. } => None,
    };
    assert!(cells().filter_map(shown).all(|customers| customers >= 10));
    assert!(cells().any(|count| count.is_small(10)), "something is small");
    assert!(cells().all(|count| count.is_small(10) || count.ends().0 >= 10));
    assert!(section(&page(&run)).contains("Fewer than 10 each: "));
    // The configuration may ask for more, or for everything.
    let smallest = |run: &Run| {
        let cards = personas(run);
        let portraits = cards.segments.iter().flat_map(|card| &card.portrait);
        let counts = portraits.flat_map(|own| own.cells.iter().map(|cell| cell.customers));
        counts.map(shown).min().expect("a cell")
    };
    run.manifest.config = serde_json::json!({ "report": { "min_cell": 1 } });
    assert!(smallest(&run).is_some_and(|customers| customers < 10));
    assert!(!page(&run).contains("Fewer than 1 "));
    run.manifest.config = serde_json::json!({ "report": { "min_cell": 25 } });
    assert!(page(&run).contains("Fewer than 25 each: "));
}

#[test]
fn a_run_without_customer_table_says_so_and_has_its_cards() {
    for language in [Language::En, Language::Vi] {
        let mut run = sample::run(4, 800, language);
        run.features.attributes.clear();
        let page = page(&run);
        let words = PersonaTexts::of(language);
        assert!(section(&page).contains(words.no_table));
        assert!(section(&page).contains(words.buying));
        assert!(!section(&page).contains(words.who));
        assert!(!page.contains(Texts::of(language).attributes));
    }
}

#[test]
fn a_segment_of_few_customers_tells_its_size_alone() {
    let run = sample::run(14, 60, Language::En);
    let cards = personas(&run);
    let few = cards.segments.iter().find(|card| card.customers < 10).expect("a small segment");
    assert!(few.figures.iter().all(|figure| figure.own.is_none()));
    let hidden = few.portrait.iter().flat_map(|own| &own.cells);
    assert!(hidden.into_iter().all(|cell| cell.share.is_none()));
    assert!(section(&page(&run)).contains(PersonaTexts::of(Language::En).too_few));
}

#[test]
fn the_record_is_read_as_it_was_written() {
    let cards = personas(&full(Language::Vi));
    let text = serde_json::to_string(&cards).expect("a record");
    let back: crate::run::Personas = serde_json::from_str(&text).expect("the same record");
    assert_eq!(back, cards);
}
