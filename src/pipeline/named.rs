//! The segments of a run -> their names, and those of customers, by every taxonomy of the
//! configuration, as the records of a run keep them.

use std::collections::BTreeMap;

use crate::config::{Loaded, LoadedTaxonomy};
use crate::error::Error;
use crate::features::{self, FeatureTable};
use crate::label::{self, Label, LintOptions, Names, Profile, Seen, SetApart};
use crate::run::{GroupRecord, Manifest, TaxonomyRecord, column};
use crate::store::{Store, StoreError, StoredRun};
use crate::types::{AsOf, Bilingual, Currency, GroupKey, Warning};

/// By segment, its customers in each group that has any.
type Composition = Vec<Vec<(GroupKey, usize)>>;

/// The taxonomies with what they say.
pub(super) struct Named<'a> {
    taxonomies: &'a [LoadedTaxonomy],
    table: &'a FeatureTable,
    segment_of: &'a [u32],
    pub(super) names: Names,
    /// By taxonomy, customers of each segment by group; none for one of segments.
    compositions: Vec<Option<Composition>>,
}

/// Rules may only speak of features that this run has.
pub(super) fn check(loaded: &Loaded, table: &FeatureTable) -> Result<(), Error> {
    for LoadedTaxonomy { taxonomy, .. } in &loaded.taxonomies {
        taxonomy.check(&features::known(Some(table)), Some(table))?;
    }
    Ok(())
}

/// What all taxonomies of a configuration say.
pub(super) fn names(
    loaded: &Loaded,
    table: &FeatureTable,
    segment_of: &[u32],
    k: usize,
) -> Result<Names, Error> {
    let taxonomies: Vec<_> = loaded.taxonomies.iter().map(|loaded| &loaded.taxonomy).collect();
    Ok(label::names(table, segment_of, k, &taxonomies)?)
}

impl<'a> Named<'a> {
    pub(super) fn new(
        loaded: &'a Loaded,
        table: &'a FeatureTable,
        segment_of: &'a [u32],
        names: Names,
    ) -> Self {
        let compositions =
            names.schemes.iter().map(|scheme| scheme.composition(segment_of)).collect();
        Self { taxonomies: &loaded.taxonomies, table, segment_of, names, compositions }
    }

    /// Profile and main label of each segment, by cluster index.
    pub(super) fn segments(&self) -> impl Iterator<Item = (&Profile, &Label)> {
        self.names.profiles.iter().zip(&self.names.schemes[0].labels)
    }

    /// The labels of a segment by the further taxonomies.
    pub(super) fn further(&self, cluster: usize) -> BTreeMap<String, Label> {
        let each = self.taxonomies.iter().zip(&self.names.schemes).skip(1);
        each.map(|(loaded, scheme)| (loaded.taxonomy.key.clone(), scheme.labels[cluster].clone()))
            .collect()
    }

    /// The customers of a segment by the groups of each taxonomy of customers.
    pub(super) fn composition(
        &self,
        cluster: usize,
    ) -> BTreeMap<String, BTreeMap<GroupKey, usize>> {
        let each = self.taxonomies.iter().zip(&self.compositions);
        each.filter_map(|(loaded, composition)| {
            let own = composition.as_ref()?[cluster].iter().cloned().collect();
            Some((loaded.taxonomy.key.clone(), own))
        })
        .collect()
    }

    /// What sets each segment apart, by cluster index.
    pub(super) fn apart(&self, currency: &Currency) -> Vec<SetApart> {
        let Names { population, profiles, .. } = &self.names;
        label::set_apart(self.table, self.segment_of, population, profiles, currency)
    }

    /// The groups of a buyer: by the main taxonomy, and by the further ones.
    pub(super) fn of_buyer(&self, row: usize) -> (GroupKey, Vec<GroupKey>) {
        let cluster = self.segment_of[row] as usize;
        let mut each =
            self.names.schemes.iter().map(|scheme| scheme.of_buyer(row, cluster).clone());
        (each.next().unwrap_or_else(GroupKey::prospect), each.collect())
    }

    /// The groups of a prospect, likewise.
    pub(super) fn of_prospect(&self, row: usize) -> (GroupKey, Vec<GroupKey>) {
        let mut each = self.names.schemes.iter().map(|scheme| scheme.of_prospect(row));
        (each.next().unwrap_or_else(GroupKey::prospect), each.collect())
    }

    /// The record of every taxonomy.
    pub(super) fn records(&self) -> Vec<TaxonomyRecord> {
        let buyers = self.table.len().max(1) as f64;
        let record = |(place, (loaded, scheme)): (usize, (&LoadedTaxonomy, &label::Scheme))| {
            let taxonomy = &loaded.taxonomy;
            let groups = taxonomy.groups().iter().zip(&scheme.counts);
            let group = |(group, count): (&label::Group, &label::GroupCount)| GroupRecord {
                key: group.key.clone(),
                name: group.name.clone(),
                description: group.description.clone(),
                color: group.color.clone(),
                treatment: group.treatment.clone(),
                aliases: group.aliases.clone(),
                customers: count.buyers,
                share_of_customers: count.buyers as f64 / buyers,
                prospects: count.prospects,
                revenue: count.revenue,
                share_of_revenue: count.share_of_revenue,
            };
            TaxonomyRecord {
                key: taxonomy.key.clone(),
                version: taxonomy.version,
                names: taxonomy.names.clone(),
                of: taxonomy.of,
                everyone: taxonomy.everyone,
                column: if place == 0 { "group".into() } else { column(&taxonomy.key) },
                groups: groups.map(group).collect(),
                notes: scheme.notes.clone(),
                name: loaded.name.clone(),
                text: loaded.text.clone(),
            }
        };
        self.taxonomies.iter().zip(&self.names.schemes).enumerate().map(record).collect()
    }

    /// What the linter finds in the taxonomies, on their texts and on the data of the run.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let known = features::known(Some(self.table));
        let k = self.names.profiles.len();
        let seen = Seen { table: self.table, segment_of: self.segment_of, k };
        let options = LintOptions { known: &known, tools: &[], seen: Some(seen) };
        let of = |LoadedTaxonomy { name, text, .. }: &LoadedTaxonomy| {
            label::run_warnings(name, &label::lint(text, name, &options))
        };
        self.taxonomies.iter().flat_map(of).collect()
    }
}

/// Names of the groups of the main taxonomy, and of `prospect`.
pub(super) fn group_names(loaded: &Loaded) -> BTreeMap<GroupKey, Bilingual> {
    let groups = loaded.taxonomies[0].taxonomy.groups().iter();
    let mut names: BTreeMap<GroupKey, Bilingual> =
        groups.map(|group| (group.key.clone(), group.name.clone())).collect();
    names
        .entry(GroupKey::prospect())
        .or_insert_with(|| Bilingual { en: "Prospects".into(), vi: "Chưa mua hàng".into() });
    names
}

/// The run that one as of `as_of` follows: of several namings of one run that which has the groups
/// of the main taxonomy, where there is one.
pub(super) fn run_before(
    store: &Store,
    loaded: &Loaded,
    as_of: AsOf,
) -> Result<Option<StoredRun>, StoreError> {
    let stored = store.previous(&loaded.config.name, as_of)?;
    stored.map(|stored| suitable(store, loaded, stored)).transpose()
}

/// `stored`, or the naming of it that has the groups of the main taxonomy.
pub(super) fn suitable(
    store: &Store,
    loaded: &Loaded,
    stored: StoredRun,
) -> Result<StoredRun, StoreError> {
    let LoadedTaxonomy { name, taxonomy, .. } = &loaded.taxonomies[0];
    let suits = |manifest: &Manifest| kept(manifest, &taxonomy.key, name) == Kept::Main;
    if suits(&stored.manifest) { Ok(stored) } else { store.naming(stored, suits) }
}

/// Where a stored run keeps the groups of a taxonomy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept {
    /// In `group`.
    Main,
    /// In the further column of this place.
    Further(usize),
    /// Nowhere.
    Nowhere,
}

/// Where the run of `manifest` keeps the groups of the taxonomy of that key, which the configuration
/// calls `name`.
pub(super) fn kept(manifest: &Manifest, key: &str, name: &str) -> Kept {
    let places = manifest.taxonomies.iter().position(|own| own.key == key);
    match places {
        Some(0) => Kept::Main,
        Some(place) => Kept::Further(place - 1),
        // A run of an earlier release has one taxonomy, which its configuration names.
        None if manifest.taxonomies.is_empty() => {
            match manifest.config["label"]["taxonomies"][0].as_str() {
                Some(own) if own != name => Kept::Nowhere,
                _ => Kept::Main,
            }
        }
        None => Kept::Nowhere,
    }
}
