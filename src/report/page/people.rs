//! The section of representatives and outliers: whom to interview and whom to check, by segment.
//!
//! One table of medoids that is always open, and the lists of each segment folded under it: with
//! the main figures of every customer in business units. On paper all lists are open. With many
//! segments the lists are cut, and the page says so.

use maud::{Markup, html};

use super::parts::{Cell, folded, number, table, text};
use crate::cluster::{OUTLIER_ABOVE, SCORED_FROM};
use crate::report::format::NONE;
use crate::report::texts::{PeopleTexts, fill};
use crate::report::view::{MOST_SEGMENTS, View};
use crate::run::{FeatureValue, OutlierCustomer, OutlyingFeature, Representatives, Segment};
use crate::types::CustomerId;

/// The figures of a customer, where the run has them.
const FIGURES: [&str; 5] =
    ["recency_days", "n_orders", "monetary_total", "monetary_mean", "tenure_days"];

/// Segments from which on lists are cut.
const MANY: usize = 40;
/// Customers of a list that is cut.
const FEW: usize = 3;

/// The section; none for a run without representatives.
pub(super) fn people(view: &View) -> Option<Markup> {
    let people: Vec<(&Segment, &Representatives)> = (view.segments.iter())
        .filter_map(|segment| Some((*segment, segment.representatives.as_ref()?)))
        .collect();
    if people.is_empty() {
        return None;
    }
    let words = PeopleTexts::of(view.language);
    let count = |value: usize| view.format.count(value as u64);
    let shown = if people.len() > MANY { FEW } else { usize::MAX };
    let unproven =
        people.iter().any(|(_, people)| people.medoid.as_ref().is_some_and(|m| !m.exact));
    let page = Lists { view, words, figures: figures(view), shown };
    Some(html! {
        p { (words.lead) }
        (page.medoids(&people))
        p.note {
            (fill(words.score_note, &[("limit", &view.format.decimal(OUTLIER_ABOVE, 1))]))
            " " (words.all_scores)
            @if unproven { " " (words.unproven_note) }
        }
        @if people.len() > MANY {
            p.note {
                (fill(words.cut, &[("n", &count(people.len())), ("shown", &count(FEW))]))
            }
        }
        @let leading = people.len().min(MOST_SEGMENTS);
        @for (segment, people) in &people[..leading] { (page.segment(segment, people)) }
        @if leading < people.len() {
            details {
                summary { (view.more(people.len() - leading)) }
                @for (segment, people) in &people[leading..] { (page.segment(segment, people)) }
            }
        }
    })
}

/// A cell of a few words, which are not to stand one below the other.
fn words_of(words: &str) -> Cell {
    Cell::Markup(html! { td.label { (words) } })
}

/// Those of [`FIGURES`] that the run has.
fn figures(view: &View) -> Vec<&'static str> {
    FIGURES.into_iter().filter(|name| view.run.features.column(name).is_some()).collect()
}

/// What all lists share.
struct Lists<'a> {
    view: &'a View<'a>,
    words: &'static PeopleTexts,
    figures: Vec<&'static str>,
    /// Customers of a list at most.
    shown: usize,
}

impl Lists<'_> {
    /// One row a segment: its medoid and how many outliers it has.
    fn medoids(&self, people: &[(&Segment, &Representatives)]) -> Markup {
        let (texts, words) = (self.view.texts, self.words);
        let count = |value: usize| self.view.format.count(value as u64);
        let mut head = vec![text(texts.segment), text(texts.group), text(words.medoid)];
        head.extend(self.heads());
        head.push(number(words.flagged));
        let rows: Vec<Vec<Cell>> = (people.iter())
            .map(|(segment, people)| {
                let mut row = vec![
                    text(segment.segment.to_string()),
                    words_of(segment.label.name.get(self.view.language)),
                ];
                match &people.medoid {
                    Some(medoid) => {
                        row.push(Cell::Markup(html! {
                            td {
                                (medoid.customer)
                                @if !medoid.exact { " (" (words.unproven) ")" }
                            }
                        }));
                        row.extend(self.figures_of(&medoid.customer));
                    }
                    None => row.extend((0..=self.figures.len()).map(|_| text(NONE))),
                }
                row.push(number(people.outliers_flagged.map_or_else(
                    || NONE.to_owned(),
                    |flagged| {
                        let customers = count(segment.profile.customers);
                        let flagged = count(flagged);
                        let filled = [("flagged", &*flagged), ("customers", &*customers)];
                        fill(words.flagged_of, &filled)
                    },
                )));
                row
            })
            .collect();
        folded(words.title, texts, &head, &rows, None, MOST_SEGMENTS, |n| self.view.more(n))
    }

    /// The lists of one segment, folded.
    fn segment(&self, segment: &Segment, people: &Representatives) -> Markup {
        let words = self.words;
        let count = |value: usize| self.view.format.count(value as u64);
        let name = self.view.segment_name(segment.segment);
        let summary = fill(
            words.summary,
            &[
                ("segment", &name),
                ("typical", &count(people.typical.len())),
                ("border", &count(people.border.len())),
                ("outliers", &count(people.outliers.len())),
            ],
        );
        html! {
            details.people {
                summary { (summary) }
                h4 { (words.interview) }
                (self.typical(people, &name))
                h4 { (words.border) }
                @if people.border.is_empty() { p { (words.border_none) } }
                @else { (self.border(people, &name)) }
                h4 { (words.check) }
                (self.check(people, &name))
            }
        }
    }

    fn typical(&self, people: &Representatives, name: &str) -> Markup {
        let (words, format) = (self.words, &self.view.format);
        let mut head = vec![text(words.customer)];
        head.extend(self.heads());
        head.extend([number(words.distance), number(words.membership)]);
        let rows: Vec<Vec<Cell>> = (people.typical.iter().take(self.shown))
            .map(|typical| {
                let mut row = vec![text(typical.customer.as_str())];
                row.extend(self.figures_of(&typical.customer));
                row.push(number(format.decimal(typical.distance, 2)));
                row.push(number(format.percent(typical.membership)));
                row
            })
            .collect();
        table(&format!("{name}: {}", words.interview), self.view.texts, &head, &rows, None)
    }

    fn border(&self, people: &Representatives, name: &str) -> Markup {
        let (words, format) = (self.words, &self.view.format);
        let mut head = vec![text(words.customer), text(words.leans_to)];
        head.extend(self.heads());
        head.push(number(words.margin));
        let rows: Vec<Vec<Cell>> = (people.border.iter().take(self.shown))
            .map(|border| {
                let neighbour = words_of(&self.view.segment_name(border.neighbour));
                let mut row = vec![text(border.customer.as_str()), neighbour];
                row.extend(self.figures_of(&border.customer));
                row.push(number(format.percent(border.margin)));
                row
            })
            .collect();
        table(&format!("{name}: {}", words.border), self.view.texts, &head, &rows, None)
    }

    fn check(&self, people: &Representatives, name: &str) -> Markup {
        let words = self.words;
        let count = |value: usize| self.view.format.count(value as u64);
        let Some(flagged) = people.outliers_flagged else {
            let n = count(SCORED_FROM);
            return html! { p { (fill(words.check_small, &[("n", &n)])) } };
        };
        if flagged == 0 {
            return html! { p { (words.check_none) } };
        }
        let mut head = vec![text(words.customer), text(words.stands_out), number(words.score)];
        head.extend(self.heads());
        let rows: Vec<Vec<Cell>> = (people.outliers.iter().take(self.shown))
            .map(|outlier| {
                let mut row = vec![
                    text(outlier.customer.as_str()),
                    Cell::Markup(html! { td.prose { (self.stands_out(outlier)) } }),
                    number(self.view.format.decimal(outlier.score, 1)),
                ];
                row.extend(self.figures_of(&outlier.customer));
                row
            })
            .collect();
        let shown = count(rows.len());
        html! {
            @if flagged > rows.len() {
                p {
                    (fill(words.check_more, &[("flagged", &count(flagged)), ("shown", &shown)]))
                }
            }
            (table(&format!("{name}: {}", words.check), self.view.texts, &head, &rows, None))
        }
    }

    /// In which features a customer stands out, in words.
    fn stands_out(&self, outlier: &OutlierCustomer) -> String {
        let feature = |outlying: &OutlyingFeature| {
            let figure = |value: &Option<FeatureValue>| match value {
                Some(FeatureValue::Number(value)) => {
                    self.view.format.value(*value, self.view.unit(&outlying.feature))
                }
                Some(FeatureValue::Text(value)) => value.clone(),
                None => self.view.texts.no_value.to_owned(),
            };
            let name = self.view.feature(&outlying.feature);
            let (value, usual) = (figure(&outlying.value), figure(&outlying.usual));
            fill(self.words.feature, &[("feature", name), ("value", &value), ("usual", &usual)])
        };
        let features: Vec<String> = outlier.features.iter().map(feature).collect();
        features.join("; ")
    }

    /// The heads of [`Lists::figures_of`].
    fn heads(&self) -> impl Iterator<Item = Cell> {
        self.figures.iter().map(|name| number(self.view.feature(name)))
    }

    /// The main figures of a customer; dashes for one whose features are not there.
    fn figures_of(&self, customer: &CustomerId) -> impl Iterator<Item = Cell> {
        let features = &self.view.run.features;
        let row = features.customers.binary_search(customer).ok();
        self.figures.iter().map(move |name| {
            let column = features.column(name);
            let value = row.zip(column).map(|(row, column)| (column.values[row], column.unit));
            let value = value.filter(|(value, _)| value.is_finite());
            number(value.map_or_else(
                || NONE.to_owned(),
                |(value, unit)| self.view.format.value(value, unit),
            ))
        })
    }
}
