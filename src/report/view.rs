//! Run -> View: the run with the language, the number format, the order of segments and the
//! names that every part of the page shares.

use std::collections::{BTreeMap, BTreeSet};

use super::format::Format;
use super::texts::{self, LayersTexts, Texts, fill};
use crate::features::{Stage, Unit};
use crate::run::{GroupRecord, Personas, Run, Segment, personas};
use crate::types::{Bilingual, CustomerId, GroupKey, Language, SegmentId};

/// Red, green and blue.
pub(super) type Rgb = (u8, u8, u8);

/// Colour of a group whose own is missing or not `#rrggbb`.
pub(super) const NEUTRAL: Rgb = (0x8C, 0x95, 0x9F);

/// Segments that a figure, or a table with a column for each, shows at most; rows that a long table
/// shows before it folds.
pub(super) const MOST_SEGMENTS: usize = 30;
/// Rows that the table of one stage shows before it folds.
pub(super) const MOST_OF_STAGE: usize = 10;

/// A run as the page looks at it.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) run: &'a Run,
    pub(super) language: Language,
    pub(super) texts: &'static Texts,
    pub(super) format: Format,
    /// Highest revenue first, ties by lineage id: the order of every figure and table.
    pub(super) segments: Vec<&'a Segment>,
    pub(super) personas: Personas,
}

impl<'a> View<'a> {
    /// The view of `run` in its own language.
    pub(super) fn new(run: &'a Run) -> Self {
        let language = run.manifest.language;
        let mut segments: Vec<&Segment> = run.segments.segments.iter().collect();
        segments.sort_by(|a, b| {
            b.profile.revenue.total_cmp(&a.profile.revenue).then_with(|| a.segment.cmp(&b.segment))
        });
        Self {
            run,
            language,
            texts: Texts::of(language),
            format: Format { language, currency: run.manifest.currency.clone() },
            segments,
            personas: personas(run),
        }
    }

    /// The segments of figures: all of them, or those with the highest revenue.
    pub(super) fn leading(&self) -> &[&'a Segment] {
        &self.segments[..self.segments.len().min(MOST_SEGMENTS)]
    }

    /// How many segments figures leave out, in a sentence; none where they have all.
    pub(super) fn cut(&self) -> Option<String> {
        let (shown, total) = (self.leading().len(), self.segments.len());
        let count = |n: usize| self.format.count(n as u64);
        (shown < total).then(|| {
            let values = [("shown", &*count(shown)), ("total", &*count(total))];
            fill(LayersTexts::of(self.language).cut, &values)
        })
    }

    /// The line above `n` rows or lists that are folded away.
    pub(super) fn more(&self, n: usize) -> String {
        fill(LayersTexts::of(self.language).rest, &[("n", &self.format.count(n as u64))])
    }

    /// The segments by stage, in the order of [`Stage::ALL`]; none for a flat clustering.
    pub(super) fn stages(&self) -> Option<Vec<(Stage, Vec<&'a Segment>)>> {
        self.run.model.layers.as_ref()?;
        let of = |stage: Stage| {
            let own =
                |segment: &&&Segment| segment.micro.as_ref().is_some_and(|m| m.stage == stage);
            (stage, self.segments.iter().filter(own).copied().collect::<Vec<_>>())
        };
        Some(Stage::ALL.into_iter().map(of).filter(|(_, own)| !own.is_empty()).collect())
    }

    /// The other language of the product.
    pub(super) fn other_language(&self) -> Language {
        match self.language {
            Language::En => Language::Vi,
            Language::Vi => Language::En,
        }
    }

    fn labelled(&self, group: &GroupKey) -> Option<&'a Segment> {
        self.segments.iter().copied().find(|segment| segment.label.group == *group)
    }

    /// The record of a group of the main taxonomy.
    fn recorded(&self, group: &GroupKey) -> Option<&'a GroupRecord> {
        self.run.manifest.taxonomies.first()?.group(group)
    }

    /// How many groups of the main taxonomy have customers.
    pub(super) fn groups_named(&self) -> usize {
        if let Some(main) = self.run.manifest.taxonomies.first() {
            return main.groups.iter().filter(|group| group.customers > 0).count();
        }
        let groups = self.segments.iter().map(|segment| &segment.label.group);
        groups.collect::<BTreeSet<_>>().len()
    }

    /// Both names of a group, from the labels or from the names the run brings along.
    pub(super) fn group_names(&self, group: &GroupKey) -> Option<&'a Bilingual> {
        self.labelled(group)
            .map(|segment| &segment.label.name)
            .or_else(|| self.recorded(group).map(|group| &group.name))
            .or_else(|| self.run.manifest.group_names.get(group))
    }

    /// Name of a group in the page's language; its key where it has none.
    pub(super) fn group_name(&self, group: &GroupKey) -> String {
        self.group_names(group)
            .map_or_else(|| group.0.clone(), |names| names.get(self.language).to_owned())
    }

    /// Colour of a group.
    pub(super) fn group_color(&self, group: &GroupKey) -> Rgb {
        let color = self.labelled(group).map(|segment| segment.label.color.as_str());
        let color = color.or_else(|| self.recorded(group).map(|group| group.color.as_str()));
        color.and_then(rgb).unwrap_or(NEUTRAL)
    }

    /// `S01 Champions` for a segment of this run, `S01` for one that is gone.
    pub(super) fn segment_name(&self, id: SegmentId) -> String {
        match self.segments.iter().find(|segment| segment.segment == id) {
            Some(segment) => format!("{id} {}", segment.label.name.get(self.language)),
            None => id.to_string(),
        }
    }

    /// What people call a feature.
    pub(super) fn feature<'b>(&self, name: &'b str) -> &'b str {
        texts::feature(name, self.language)
    }

    /// Unit of a feature; a plain ratio where the table does not have it.
    pub(super) fn unit(&self, name: &str) -> Unit {
        self.run.features.column(name).map_or(Unit::Ratio, |column| column.unit)
    }

    /// For each row of the features the position of its customer's segment in the page's order;
    /// none for a row without an assignment.
    pub(super) fn segment_of_rows(&self) -> Vec<Option<usize>> {
        let positions = self.positions();
        // Both lists are sorted by customer: one pass over the assignments finds every row.
        let mut assigned = self.run.assignments.iter().peekable();
        let of = |customer: &CustomerId| {
            while assigned.next_if(|assignment| assignment.customer < *customer).is_some() {}
            let own = assigned.peek().filter(|assignment| assignment.customer == *customer)?;
            positions.get(&own.segment?).copied()
        };
        self.run.features.customers.iter().map(of).collect()
    }

    /// Position of each segment in the page's order.
    pub(super) fn positions(&self) -> BTreeMap<SegmentId, usize> {
        self.segments.iter().enumerate().map(|(at, segment)| (segment.segment, at)).collect()
    }
}

/// Reads `#rrggbb`; nothing else.
pub(super) fn rgb(text: &str) -> Option<Rgb> {
    let digits = text.strip_prefix('#')?;
    if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |from: usize| u8::from_str_radix(&digits[from..from + 2], 16).ok();
    Some((part(0)?, part(2)?, part(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn colours_are_read_strictly() {
        assert_eq!(rgb("#0072b2"), Some((0, 0x72, 0xB2)));
        assert_eq!(rgb("red"), None);
        assert_eq!(rgb("#12345"), None);
        assert_eq!(rgb("#éééa"), None);
        assert_eq!(rgb("#+12345"), None);
    }

    #[test]
    fn highest_revenue_first() {
        let run = sample::run(4, 200, Language::En);
        let view = View::new(&run);
        let revenues: Vec<f64> = view.segments.iter().map(|s| s.profile.revenue).collect();
        assert!(revenues.is_sorted_by(|a, b| a >= b), "{revenues:?}");
        assert_eq!(view.segment_name(SegmentId(99)), "S99");
    }
}
