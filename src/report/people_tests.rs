//! The section of representatives and outliers: every list, every empty list, both languages.

use super::sample;
use super::tests::page;
use super::texts::PeopleTexts;
use crate::run::{FeatureValue, Representatives, Run};
use crate::types::Language;

/// The representatives of the first segment of `run`.
fn first(run: &mut Run) -> &mut Representatives {
    run.segments.segments[0].representatives.as_mut().expect("the sample has them")
}

#[test]
fn every_list_in_both_languages() {
    for language in [Language::En, Language::Vi] {
        let run = sample::run(4, 2_000, language);
        let words = PeopleTexts::of(language);
        let page = page(&run);
        for said in [words.title, words.interview, words.border, words.check, words.lead] {
            assert!(page.contains(said), "{said}");
        }
        assert_eq!(page.matches("<details class=\"people\">").count(), 4);
        let people = run.segments.segments[2].representatives.as_ref().expect("representatives");
        let customers = (people.typical.iter().map(|typical| &typical.customer))
            .chain(people.border.iter().map(|border| &border.customer))
            .chain(people.outliers.iter().map(|outlier| &outlier.customer));
        assert!(customers.into_iter().all(|customer| page.contains(customer.as_str())));
    }
}

#[test]
fn what_stands_out_is_told_in_business_units() {
    let mut run = sample::run(3, 500, Language::En);
    let outlier = &mut first(&mut run).outliers[0];
    outlier.features.truncate(1);
    outlier.features[0].feature = "monetary_total".into();
    outlier.features[0].value = Some(FeatureValue::Number(98_765.4));
    outlier.features[0].usual = Some(FeatureValue::Number(321.0));
    assert!(page(&run).contains("Total spend 98,765.40, usually 321.00"));
    let outlier = &mut first(&mut run).outliers[0];
    outlier.features[0].feature = "age_band".into();
    outlier.features[0].value = None;
    outlier.features[0].usual = Some(FeatureValue::Text("<35>".into()));
    assert!(page(&run).contains("age_band (none given), usually &lt;35&gt;"));
}

#[test]
fn empty_lists_say_why() {
    let mut run = sample::run(2, 200, Language::En);
    first(&mut run).border.clear();
    first(&mut run).outliers.clear();
    first(&mut run).outliers_flagged = Some(0);
    let words = PeopleTexts::of(Language::En);
    let said = page(&run);
    assert!(said.contains(words.border_none) && said.contains(words.check_none));
    first(&mut run).outliers_flagged = None;
    first(&mut run).medoid = None;
    assert!(page(&run).contains("fewer than 20 customers"));
}

#[test]
fn more_flagged_than_listed_and_a_medoid_not_proven_are_said() {
    let mut run = sample::run(2, 200, Language::En);
    let words = PeopleTexts::of(Language::En);
    assert!(!page(&run).contains(words.unproven_note));
    first(&mut run).outliers_flagged = Some(1_234);
    first(&mut run).medoid.as_mut().expect("a medoid").exact = false;
    let page = page(&run);
    assert!(page.contains("1,234 customers are flagged; the 2 furthest out are listed."));
    assert!(page.contains(words.unproven_note) && page.contains("(best found)"));
}

#[test]
fn with_many_segments_lists_are_cut_and_the_page_says_so() {
    let (few, many) = (sample::run(40, 4_000, Language::En), sample::run(41, 4_000, Language::En));
    let (few, many) = (page(&few), page(&many));
    assert!(!few.contains("the lists are whole in segments.json"));
    assert!(many.contains("As there are 41 segments, only the first 3 of each list"));
    assert!(many.len() < few.len());
}

#[test]
fn a_run_of_an_earlier_release_has_no_such_section() {
    let mut run = sample::run(3, 100, Language::En);
    run.segments.segments.iter_mut().for_each(|segment| segment.representatives = None);
    assert!(!page(&run).contains(PeopleTexts::of(Language::En).title));
}
