//! What the groups of each taxonomy came to, as tables of the console.

use super::output::{Side, Table};
use super::speech::{Speech, or_none};
use super::words::{RunWords, fill};
use crate::label::rule::Scope;
use crate::run::{Run, TaxonomyRecord};

/// The groups of every further taxonomy, and of a main one that names customers, each with its
/// notes and an empty line after it; nothing where the main one is the only one and names segments.
pub(super) fn taxonomy_tables(run: &Run, speech: Speech) -> String {
    let records = &run.manifest.taxonomies;
    let main = records.first().is_some_and(|record| record.of == Scope::Customers);
    let shown = records.get(usize::from(!main)..).unwrap_or_default();
    shown.iter().map(|record| taxonomy_table(record, speech)).collect()
}

fn taxonomy_table(record: &TaxonomyRecord, speech: Speech) -> String {
    let words = RunWords::of(speech.0);
    let mut head = vec![
        ("group", Side::Left),
        ("nhóm", Side::Left),
        (words.customers, Side::Right),
        (words.share, Side::Right),
        (words.share_of_revenue, Side::Right),
    ];
    if record.everyone {
        head.push((words.prospects_head, Side::Right));
    }
    let mut table = Table::new(&head);
    for group in &record.groups {
        let mut row = vec![
            group.name.en.clone(),
            group.name.vi.clone(),
            speech.count(group.customers),
            speech.percent(group.share_of_customers),
            or_none(group.share_of_revenue, |share| speech.percent(share)),
        ];
        if record.everyone {
            row.push(speech.count(group.prospects));
        }
        table.row(row);
    }
    let about =
        [("name", record.names.get(speech.0)), ("key", &*record.key), ("column", &*record.column)];
    let mut text = format!("{}\n{}", fill(words.taxonomy, &about), table.render());
    for note in &record.notes {
        text += &format!("  {}\n", note.get(speech.0));
    }
    text + "\n"
}
