//! What the rooms gave -> the records of a run.

use std::collections::BTreeMap;

use super::identity::config_value;
use super::lineage::PreviousLayers;
use super::representatives::{of_segment, representatives, unproven};
use crate::cluster::{self, Earlier, FeatureMatrix, Fitted, Model};
use crate::config::Loaded;
use crate::error::Error;
use crate::features::{self, Built, Ties, scores};
use crate::ingest::{Cut, Input};
use crate::label::{self, Labels, LintOptions, Seen};
use crate::run::{Assignment, CustomerCounts, Manifest, Run, Segment, Segments};
use crate::store::{self, Store, StoredRun};
use crate::track::{self, Matching, Standing, View};
use crate::types::{AsOf, Bilingual, CustomerId, GroupKey, SegmentId, Warning, date_of_days};

/// What the rooms gave.
pub(super) struct Parts<'a> {
    pub loaded: &'a Loaded,
    pub input: &'a Input,
    pub as_of: AsOf,
    pub run_id: String,
    pub cut: Cut<'a>,
    pub built: Built,
    pub fitted: Fitted,
    pub labels: Labels,
    pub matching: Matching,
}

/// The run before: where each customer stood.
pub(super) struct Previous {
    run_id: String,
    /// Buyers, sorted.
    customers: Vec<CustomerId>,
    segments: Vec<SegmentId>,
    groups: Vec<GroupKey>,
    /// Buyers and prospects, sorted.
    everyone: Vec<CustomerId>,
    standings: Vec<(Option<SegmentId>, Standing)>,
    /// Its model, or why it cannot be read.
    model: Result<Model, String>,
    /// Its layers, where they are asked for and it has any.
    pub(super) layers: Option<PreviousLayers>,
}

impl Previous {
    /// The run before `as_of`, where there is one; with its layers where the new run is `layered`.
    pub(super) fn before(
        store: &Store,
        series: &str,
        as_of: AsOf,
        layered: bool,
    ) -> Result<Option<Self>, Error> {
        store.previous(series, as_of)?.map(|run| Self::load(run, layered)).transpose()
    }

    /// The run `stored`, read anew only if it is not the one `read` before.
    pub(super) fn current(
        stored: Option<StoredRun>,
        read: Option<Self>,
        layered: bool,
    ) -> Result<Option<Self>, Error> {
        let Some(stored) = stored else { return Ok(None) };
        match read {
            Some(read) if read.run_id == stored.manifest.run_id => Ok(Some(read)),
            _ => Self::load(stored, layered).map(Some),
        }
    }

    /// What it tells the clustering of the customers `now`; nothing where it has layers, whose
    /// micro-segments are no candidates.
    pub(super) fn earlier(&self, now: &[CustomerId]) -> Option<Earlier<'_>> {
        let model = self.model.as_ref().ok().filter(|model| model.layers.is_none())?;
        Some(Earlier::new(model, &self.customers, now))
    }

    /// That its model cannot be read is to be known.
    fn warning(&self) -> Option<Warning> {
        let reason = self.model.as_ref().err()?;
        Some(Warning::new(
            "out_of_time_unavailable",
            format!("no candidate could be held against the model of the run before: {reason}"),
        ))
    }

    fn load(stored: StoredRun, layered: bool) -> Result<Self, Error> {
        let mut previous = Previous {
            run_id: stored.manifest.run_id.clone(),
            customers: Vec::new(),
            segments: Vec::new(),
            groups: Vec::new(),
            everyone: Vec::new(),
            standings: Vec::new(),
            model: store::load_model(&stored).map_err(|error| error.to_string()),
            layers: if layered { PreviousLayers::load(&stored)? } else { None },
        };
        for row in store::load_assignments(&stored)? {
            if let Some(segment) = row.segment {
                previous.customers.push(row.customer.clone());
                previous.segments.push(segment);
                previous.groups.push(row.group.clone());
            }
            let standing = Standing {
                group: row.group,
                previous_group: row.previous_group,
                group_changed_on: row.group_changed_on,
            };
            previous.everyone.push(row.customer);
            previous.standings.push((row.segment, standing));
        }
        Ok(previous)
    }

    pub(super) fn run_id(&self) -> &str {
        &self.run_id
    }

    pub(super) fn view(&self) -> Result<View<'_>, Error> {
        Ok(View::new(&self.run_id, &self.customers, &self.segments, &self.groups)?)
    }

    fn place(&self, customer: &CustomerId) -> Option<&(Option<SegmentId>, Standing)> {
        self.everyone.binary_search(customer).ok().map(|row| &self.standings[row])
    }
}

/// The first id that no other run of the series has used; a damaged `run_id` that is made again
/// gets its own ids again.
pub(super) fn next_segment(store: &Store, series: &str, run_id: &str) -> Result<SegmentId, Error> {
    let runs = store.list(Some(series))?.runs;
    let others = runs.iter().filter(|run| run.manifest.run_id != run_id);
    Ok(others.map(|run| run.manifest.next_segment).max().unwrap_or(SegmentId(1)))
}

pub(super) fn assemble(
    parts: Parts<'_>,
    previous: Option<&Previous>,
    created_at: String,
) -> Result<Run, Error> {
    let matrix = cluster::standardise(&parts.fitted.model, &parts.built.table)?;
    let people = representatives(&parts, &matrix)?;
    let segments = segments(&parts, &matrix, &people);
    let assignments = assignments(&parts, previous, &people.outlier_scores);
    let comparison = match previous {
        None => None,
        Some(previous) => {
            let buyers = || assignments.iter().filter_map(|row| Some((row, row.segment?)));
            let customers: Vec<_> = buyers().map(|(row, _)| row.customer.clone()).collect();
            let ids: Vec<_> = buyers().map(|(_, segment)| segment).collect();
            let groups: Vec<_> = buyers().map(|(row, _)| row.group.clone()).collect();
            let view = View::new(&parts.run_id, &customers, &ids, &groups)?;
            let params = parts.loaded.config.compare_params();
            Some(track::compare(&previous.view()?, &view, &params)?)
        }
    };
    let mut manifest = manifest(&parts, previous, created_at);
    manifest.warnings.extend(unproven(&parts, &people));
    manifest.warnings.extend(taxonomy_warnings(&parts));
    Ok(Run {
        manifest,
        features: parts.built.table,
        model: parts.fitted.model,
        assignments,
        segments,
        comparison,
    })
}

/// The segments by lineage id.
fn segments(
    parts: &Parts<'_>,
    matrix: &FeatureMatrix,
    people: &cluster::Representatives,
) -> Segments {
    let fitted = &parts.fitted;
    let k = fitted.model.clusters.k();
    let typical = matrix.cluster_typical(&fitted.assignments.cluster, k);
    let everyone = matrix.cluster_typical(&vec![0; parts.built.table.len()], 1);
    let mut segments: Vec<Segment> = (parts.labels.segments.iter().enumerate())
        .map(|(cluster, (profile, label))| Segment {
            segment: parts.matching.lineage[cluster],
            micro: fitted.model.layers.as_ref().map(|layers| layers.id(cluster)),
            profile: profile.clone(),
            label: label.clone(),
            standardised: (matrix.names.iter().enumerate())
                .map(|(j, name)| (name.clone(), typical[cluster][j] - everyone[0][j]))
                .collect(),
            bootstrap_jaccard: fitted.stability.bootstrap_jaccard(cluster),
            stability: fitted.stability.clusters.get(cluster).copied().flatten(),
            silhouette: fitted.silhouettes.get(cluster).copied().flatten(),
            separation: (fitted.separations.get(cluster).copied().flatten())
                .map(|found| found.named(|neighbour| parts.matching.lineage[neighbour])),
            representatives: Some(of_segment(parts, profile, &people.clusters[cluster])),
        })
        .collect();
    segments.sort_by_key(|segment| segment.segment);
    Segments { population: parts.labels.population.clone(), segments }
}

/// Buyers and prospects, sorted by customer.
fn assignments(
    parts: &Parts<'_>,
    previous: Option<&Previous>,
    outlier_scores: &[f64],
) -> Vec<Assignment> {
    let table = &parts.built.table;
    let found = &parts.fitted.assignments;
    let spend = table.column("monetary_total").map_or(&[][..], |column| &column.values);
    let tiers = scores(spend, false, Ties::Split).scores;
    let row = |customer: &CustomerId, segment, group: &GroupKey| {
        let before = previous.and_then(|previous| previous.place(customer));
        let standing = track::standing(before.map(|(_, s)| s), group, parts.as_of.0);
        Assignment {
            customer: customer.clone(),
            segment,
            group: standing.group,
            tier: None,
            membership: None,
            margin: None,
            noise: None,
            outlier_score: None,
            stability: None,
            previous_segment: before.and_then(|(segment, _)| *segment),
            previous_group: standing.previous_group,
            group_changed_on: standing.group_changed_on,
        }
    };
    let buyers = table.customers.iter().enumerate().map(|(i, customer)| {
        let cluster = found.cluster[i] as usize;
        let segment = Some(parts.matching.lineage[cluster]);
        Assignment {
            tier: tiers.get(i).copied(),
            membership: Some(found.membership[i]),
            margin: Some(found.margin[i]),
            noise: found.noise.get(i).copied(),
            outlier_score: Some(outlier_scores[i]).filter(|score| !score.is_nan()),
            stability: parts.fitted.stability.customer(i),
            ..row(customer, segment, &parts.labels.segments[cluster].1.group)
        }
    });
    let prospects =
        table.prospects.iter().map(|customer| row(customer, None, &GroupKey::prospect()));
    let mut rows: Vec<Assignment> = buyers.chain(prospects).collect();
    rows.sort_unstable_by(|a, b| a.customer.cmp(&b.customer));
    rows
}

/// By its formula `p_active` is 0 for whoever bought once before the date: who clusters by it
/// should know.
fn one_time_buyers(parts: &Parts<'_>) -> Option<Warning> {
    let table = &parts.built.table;
    if !parts.loaded.config.features.used.iter().any(|name| name == "p_active") {
        return None;
    }
    let (active, orders) = (table.column("p_active")?, table.column("n_orders")?);
    let both = active.values.iter().zip(&orders.values);
    let once = both.filter(|&(&active, &orders)| active == 0.0 && orders == 1.0).count();
    (once > 0).then(|| {
        Warning::new(
            "p_active_one_time_buyers",
            format!(
                "p_active is 0 for the {once} customers who bought once, before the date: (T/N)^n \
                 cannot tell them apart"
            ),
        )
    })
}

/// What the linter finds in the taxonomy, on its text and on the data of the run.
fn taxonomy_warnings(parts: &Parts<'_>) -> Vec<Warning> {
    let (loaded, table) = (parts.loaded, &parts.built.table);
    let name = loaded.config.label.taxonomies.first().map_or("", String::as_str);
    let seen = Seen {
        table,
        segment_of: &parts.fitted.assignments.cluster,
        k: parts.fitted.model.clusters.k(),
    };
    let known = features::known(Some(table));
    let options = LintOptions { known: &known, tools: &[], seen: Some(seen) };
    label::run_warnings(name, &label::lint(&loaded.taxonomy_text, name, &options))
}

fn manifest(parts: &Parts<'_>, previous: Option<&Previous>, created_at: String) -> Manifest {
    let config = &parts.loaded.config;
    let (table, fitted) = (&parts.built.table, &parts.fitted);
    let groups = parts.loaded.taxonomy.groups().iter();
    let mut group_names: BTreeMap<GroupKey, Bilingual> =
        groups.map(|group| (group.key.clone(), group.name.clone())).collect();
    group_names
        .entry(GroupKey::prospect())
        .or_insert_with(|| Bilingual { en: "Prospects".into(), vi: "Chưa mua hàng".into() });
    let mut warnings = parts.cut.warnings.clone();
    warnings.extend(parts.built.warnings.iter().cloned());
    warnings.extend(fitted.warnings.iter().cloned());
    warnings.extend(one_time_buyers(parts));
    warnings.extend(previous.and_then(Previous::warning));
    let (first, last) = parts.cut.purchase_days;
    Manifest {
        run_id: parts.run_id.clone(),
        series: config.name.clone(),
        as_of: parts.as_of,
        seed: config.seed,
        segtrail_version: env!("CARGO_PKG_VERSION").into(),
        created_at,
        currency: config.currency.clone(),
        language: config.label.language,
        config: config_value(parts.loaded),
        inputs: parts.input.files().to_vec(),
        rows: parts.cut.rows.clone(),
        customers: CustomerCounts {
            buyers: table.len(),
            repeat_buyers: parts.built.repeat_buyers,
            prospects: table.prospects.len(),
        },
        revenue: parts.built.revenue.units(&config.currency),
        first_purchase: date_of_days(first),
        last_purchase: date_of_days(last),
        units: table.columns.iter().map(|column| (column.name.clone(), column.unit)).collect(),
        group_names,
        effective_bins: table.effective_bins.clone(),
        filled: fitted.filled.iter().cloned().collect(),
        missing: fitted.missing.iter().cloned().collect(),
        selection: fitted.selection.clone(),
        layers: fitted.layers.clone(),
        bounds: fitted.bounds.clone(),
        stability: fitted.stability.record,
        converged: fitted.model.converged,
        next_segment: parts.matching.next,
        previous_run: previous.map(|previous| previous.run_id.clone()),
        lifecycle: Some(parts.built.lifecycle.clone()),
        clv: parts.built.clv.clone(),
        retention: parts.built.retention.clone(),
        wallet: parts.built.wallet.clone(),
        campaign: parts.built.campaign.clone(),
        warnings,
        timings: Vec::new(),
    }
}
