//! What the groups of each taxonomy came to, as tables of the console.

use super::output::{Side, Table, count, percent};
use crate::label::rule::Scope;
use crate::run::{Manifest, Run, TaxonomyRecord};

/// The groups of every further taxonomy, and of a main one that names customers, each with its
/// notes and an empty line after it; nothing where the main one is the only one and names segments.
pub(super) fn taxonomy_tables(run: &Run) -> String {
    let records = &run.manifest.taxonomies;
    let main = records.first().is_some_and(|record| record.of == Scope::Customers);
    let shown = records.get(usize::from(!main)..).unwrap_or_default();
    shown.iter().map(|record| taxonomy_table(&run.manifest, record)).collect()
}

fn taxonomy_table(manifest: &Manifest, record: &TaxonomyRecord) -> String {
    let mut head = vec![
        ("group", Side::Left),
        ("nhóm", Side::Left),
        ("customers", Side::Right),
        ("share", Side::Right),
        ("share of revenue", Side::Right),
    ];
    if record.everyone {
        head.push(("prospects", Side::Right));
    }
    let mut table = Table::new(&head);
    for group in &record.groups {
        let mut row = vec![
            group.name.en.clone(),
            group.name.vi.clone(),
            count(group.customers as u64),
            percent(group.share_of_customers),
            group.share_of_revenue.map_or_else(|| "–".into(), percent),
        ];
        if record.everyone {
            row.push(count(group.prospects as u64));
        }
        table.row(row);
    }
    let name = record.names.get(manifest.language);
    let mut text = format!("{name} ({}, column {})\n{}", record.key, record.column, table.render());
    for note in &record.notes {
        text += &format!("  {}\n", note.get(manifest.language));
    }
    text + "\n"
}
