//! What the rooms gave -> the records of a run.

use super::described::{descriptions, spreads};
use super::identity::config_value;
use super::lineage::PreviousLayers;
use super::named::{Kept, Named, group_names, kept, run_before};
use super::representatives::{of_segment, representatives, unproven};
use super::retrain::Taken;
use crate::cluster::{self, Earlier, FeatureMatrix, Model};
use crate::config::Loaded;
use crate::error::Error;
use crate::features::{Built, FeatureTable, Ties, scores};
use crate::ingest::{Cut, Input};
use crate::label::Names;
use crate::run::{Assignment, CustomerCounts, Manifest, Run, Segment, Segments, TableFacts};
use crate::store::{self, CustomerValues, Store, StoredRun};
use crate::track::{self, CompareParams, Comparison, Matching, Standing, View, Worth};
use crate::types::{AsOf, CustomerId, GroupKey, SegmentId, Warning, date_of_days};

/// What the rooms gave.
pub(super) struct Parts<'a> {
    pub loaded: &'a Loaded,
    pub input: &'a Input,
    pub as_of: AsOf,
    pub run_id: String,
    pub cut: Cut<'a>,
    pub built: Built,
    pub taken: Taken,
    pub names: Names,
    pub matching: Matching,
}

/// The run before: where each customer stood.
pub(super) struct Previous {
    run_id: String,
    as_of: AsOf,
    /// Buyers, sorted.
    customers: Vec<CustomerId>,
    segments: Vec<SegmentId>,
    groups: Vec<GroupKey>,
    /// What each buyer was worth.
    values: CustomerValues,
    /// Its segments.
    pub(super) described: Segments,
    /// Buyers and prospects, sorted.
    everyone: Vec<CustomerId>,
    standings: Vec<(Option<SegmentId>, Option<Standing>)>,
    /// The key of its main taxonomy, where it has not the groups of this run's.
    other_taxonomy: Option<String>,
    /// Where it is stored, with its manifest.
    stored: StoredRun,
    /// Its model, or why it cannot be read.
    model: Result<Model, String>,
    /// Its layers, where they are asked for and it has any.
    pub(super) layers: Option<PreviousLayers>,
}

impl Previous {
    /// The run before `as_of`, where there is one; with its layers where the new run has any.
    pub(super) fn before(
        store: &Store,
        loaded: &Loaded,
        as_of: AsOf,
    ) -> Result<Option<Self>, Error> {
        run_before(store, loaded, as_of)?.map(|run| Self::load(run, loaded)).transpose()
    }

    /// The run `stored`, read anew only if it is not the one `read` before.
    pub(super) fn current(
        stored: Option<StoredRun>,
        read: Option<Self>,
        loaded: &Loaded,
    ) -> Result<Option<Self>, Error> {
        let Some(stored) = stored else { return Ok(None) };
        match read {
            // A writer that was stopped may have left it elsewhere, whence the lock put it back.
            Some(read) if read.run_id == stored.manifest.run_id => {
                Ok(Some(Self { stored, ..read }))
            }
            _ => Self::load(stored, loaded).map(Some),
        }
    }

    /// What it tells the clustering of the customers `now`.
    pub(super) fn earlier(&self, now: &[CustomerId]) -> Option<Earlier<'_>> {
        let model = self.model.as_ref().ok()?;
        Some(Earlier::new(model, &self.customers, now))
    }

    /// That its model cannot be read, or its groups are others, is to be known.
    pub(super) fn warnings(&self) -> Vec<Warning> {
        let model = self.model.as_ref().err().map(|reason| {
            Warning::new(
                "out_of_time_unavailable",
                format!("no candidate could be held against the model of the run before: {reason}"),
            )
        });
        let groups = self.other_taxonomy.as_ref().map(|key| {
            Warning::new(
                "taxonomy_changed",
                format!(
                    "the run before, {}, has its groups by `{key}` and none by the main taxonomy of \
                     this run: previous_group and group_changed_on begin anew, and the flow between \
                     groups is one between two taxonomies",
                    self.run_id
                ),
            )
        });
        model.into_iter().chain(groups).collect()
    }

    /// A stored run as one that `loaded` names follows it.
    pub(super) fn load(stored: StoredRun, loaded: &Loaded) -> Result<Self, Error> {
        let layered = loaded.config.layers_params().is_some();
        let main = &loaded.taxonomies[0];
        let kept = kept(&stored.manifest, &main.taxonomy.key, &main.name);
        Self::keeping(stored, layered, kept)
    }

    /// A stored run that has the groups of the main taxonomy in `kept`.
    pub(super) fn keeping(stored: StoredRun, layered: bool, kept: Kept) -> Result<Self, Error> {
        let since = stored.manifest.as_of.0;
        let mut previous = Previous {
            stored: stored.clone(),
            run_id: stored.manifest.run_id.clone(),
            as_of: stored.manifest.as_of,
            customers: Vec::new(),
            segments: Vec::new(),
            groups: Vec::new(),
            values: store::load_values(&stored)?,
            described: store::load_segments(&stored)?,
            everyone: Vec::new(),
            standings: Vec::new(),
            model: store::load_model(&stored).map_err(|error| error.to_string()),
            layers: if layered { PreviousLayers::load(&stored)? } else { None },
            other_taxonomy: (kept == Kept::Nowhere)
                .then(|| stored.manifest.taxonomy_keys().into_iter().next().unwrap_or_default()),
        };
        for row in store::load_assignments(&stored)? {
            let standing = match kept {
                Kept::Main => Some(Standing {
                    group: row.group.clone(),
                    previous_group: row.previous_group,
                    group_changed_on: row.group_changed_on,
                    moves: row.moves,
                    proposal: row.proposal,
                }),
                // Of further groups the past is not kept: what is known begins with that run.
                Kept::Further(place) => row.further.get(place).map(|group| Standing {
                    group: group.clone(),
                    previous_group: None,
                    group_changed_on: since,
                    moves: Some(0),
                    proposal: None,
                }),
                Kept::Nowhere => None,
            };
            if let Some(segment) = row.segment {
                previous.customers.push(row.customer.clone());
                previous.segments.push(segment);
                let group = standing.as_ref().map(|standing| standing.group.clone());
                previous.groups.push(group.unwrap_or(row.group));
            }
            previous.everyone.push(row.customer);
            previous.standings.push((row.segment, standing));
        }
        Ok(previous)
    }

    /// Its model, or why it cannot be read.
    pub(super) fn model(&self) -> Result<&Model, &str> {
        self.model.as_ref().map_err(String::as_str)
    }

    /// Its features.
    pub(super) fn features(&self) -> Result<FeatureTable, Error> {
        Ok(store::load_features(&self.stored)?)
    }

    /// Its segments.
    pub(super) fn found(&self) -> Result<Segments, Error> {
        Ok(store::load_segments(&self.stored)?)
    }

    /// What its input looked like; empty where it kept no facts.
    pub(super) fn input_facts(&self) -> &[TableFacts] {
        &self.stored.manifest.input_facts
    }

    /// The segment of each cluster of its model; empty where that is not known.
    pub(super) fn lineage(&self) -> &[SegmentId] {
        &self.stored.manifest.lineage
    }

    /// See [`crate::run::RetrainRecord::distance_of_fit`].
    pub(super) fn distance_of_fit(&self) -> Option<f64> {
        self.stored.manifest.retrain.as_ref()?.distance_of_fit
    }

    pub(super) fn run_id(&self) -> &str {
        &self.run_id
    }

    pub(super) fn as_of(&self) -> AsOf {
        self.as_of
    }

    pub(super) fn view(&self) -> Result<View<'_>, Error> {
        let view = View::new(&self.run_id, &self.customers, &self.segments, &self.groups)?;
        Ok(view.worth(self.values.worth())?)
    }

    /// The group of each buyer, and since when; nothing where it has other groups.
    pub(super) fn stood(&self) -> impl Iterator<Item = (&GroupKey, jiff::civil::Date)> {
        let buyers = self.standings.iter().filter(|(segment, _)| segment.is_some());
        buyers.filter_map(|(_, own)| own.as_ref().map(|own| (&own.group, own.group_changed_on)))
    }

    pub(super) fn place(
        &self,
        customer: &CustomerId,
    ) -> Option<&(Option<SegmentId>, Option<Standing>)> {
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
    let matrix = cluster::standardise(&parts.taken.fitted.model, &parts.built.table)?;
    let people = representatives(&parts, &matrix)?;
    let (table, segment_of) = (&parts.built.table, &parts.taken.fitted.assignments.cluster);
    let named = Named::new(parts.loaded, table, segment_of, parts.names.clone());
    let segments = segments(&parts, &named, &matrix, &people);
    let assignments = assignments(&parts, &named, previous, &people.outlier_scores);
    let params = parts.loaded.config.compare_params();
    let comparison = compared(previous, &parts.run_id, &assignments, (table, &segments), &params)?;
    let mut manifest = manifest(&parts, previous, created_at);
    manifest.taxonomies = named.records();
    manifest.warnings.extend(unproven(&parts, &people));
    manifest.warnings.extend(named.warnings());
    Ok(Run {
        manifest,
        features: parts.built.table,
        model: parts.taken.fitted.model,
        assignments,
        segments,
        comparison,
    })
}

/// A run against the one before it.
pub(super) fn compared(
    previous: Option<&Previous>,
    run_id: &str,
    assignments: &[Assignment],
    (table, segments): (&FeatureTable, &Segments),
    params: &CompareParams,
) -> Result<Option<Comparison>, Error> {
    let Some(previous) = previous else { return Ok(None) };
    let buyers = || assignments.iter().filter_map(|row| Some((row, row.segment?)));
    let customers: Vec<_> = buyers().map(|(row, _)| row.customer.clone()).collect();
    let ids: Vec<_> = buyers().map(|(_, segment)| segment).collect();
    let groups: Vec<_> = buyers().map(|(row, _)| row.group.clone()).collect();
    let values = |name| table.column(name).map_or(&[][..], |column| &column.values);
    let worth = Worth { revenue: values("monetary_total"), clv: values("clv") };
    let view = View::new(run_id, &customers, &ids, &groups)?.worth(worth)?;
    let about = descriptions(&previous.described, segments);
    Ok(Some(track::compare_described(&previous.view()?, &view, params, &about)?))
}

/// The segments by lineage id.
fn segments(
    parts: &Parts<'_>,
    named: &Named<'_>,
    matrix: &FeatureMatrix,
    people: &cluster::Representatives,
) -> Segments {
    let fitted = &parts.taken.fitted;
    let k = fitted.model.clusters.k();
    let typical = matrix.cluster_typical(&fitted.assignments.cluster, k);
    let everyone = matrix.cluster_typical(&vec![0; parts.built.table.len()], 1);
    let (spreads, of_all) = spreads(
        &fitted.model,
        &parts.built.table,
        &fitted.assignments.cluster,
        &parts.names.profiles,
        &parts.names.population,
    );
    let apart = named.apart(&parts.loaded.config.currency);
    let mut segments: Vec<Segment> = (named.segments().enumerate())
        .map(|(cluster, (profile, label))| Segment {
            segment: parts.matching.lineage[cluster],
            micro: fitted.model.layers.as_ref().map(|layers| layers.id(cluster)),
            profile: profile.clone(),
            label: label.clone(),
            further: named.further(cluster),
            composition: named.composition(cluster),
            apart: Some(apart[cluster].clone()),
            standardised: (matrix.names.iter().enumerate())
                .map(|(j, name)| (name.clone(), typical[cluster][j] - everyone[0][j]))
                .collect(),
            spreads: spreads[cluster].clone(),
            bootstrap_jaccard: fitted.stability.bootstrap_jaccard(cluster),
            stability: fitted.stability.clusters.get(cluster).copied().flatten(),
            silhouette: fitted.silhouettes.get(cluster).copied().flatten(),
            separation: (fitted.separations.get(cluster).copied().flatten())
                .map(|found| found.named(|neighbour| parts.matching.lineage[neighbour])),
            representatives: Some(of_segment(parts, profile, &people.clusters[cluster])),
        })
        .collect();
    segments.sort_by_key(|segment| segment.segment);
    Segments { population: parts.names.population.clone(), spreads: of_all, segments }
}

/// Buyers and prospects, sorted by customer.
fn assignments(
    parts: &Parts<'_>,
    named: &Named<'_>,
    previous: Option<&Previous>,
    outlier_scores: &[f64],
) -> Vec<Assignment> {
    let table = &parts.built.table;
    let found = &parts.taken.fitted.assignments;
    let spend = table.column("monetary_total").map_or(&[][..], |column| &column.values);
    let tiers = scores(spend, false, Ties::Split).scores;
    let row = |customer: &CustomerId, segment, (group, further): (GroupKey, Vec<GroupKey>)| {
        let before = previous.and_then(|previous| previous.place(customer));
        let standing = before.and_then(|(_, standing)| standing.as_ref());
        let standing = track::standing(standing, &group, parts.as_of.0);
        Assignment {
            customer: customer.clone(),
            segment,
            group: standing.group,
            further,
            tier: None,
            membership: None,
            margin: None,
            noise: None,
            outlier_score: None,
            stability: None,
            previous_segment: before.and_then(|(segment, _)| *segment),
            previous_group: standing.previous_group,
            group_changed_on: standing.group_changed_on,
            months_in_group: track::months_between(standing.group_changed_on, parts.as_of.0),
            moves: standing.moves,
            proposal: None,
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
            stability: parts.taken.fitted.stability.customer(i),
            ..row(customer, segment, named.of_buyer(i))
        }
    });
    let prospects = (table.prospects.iter().enumerate())
        .map(|(i, customer)| row(customer, None, named.of_prospect(i)));
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

fn manifest(parts: &Parts<'_>, previous: Option<&Previous>, created_at: String) -> Manifest {
    let config = &parts.loaded.config;
    let (table, fitted) = (&parts.built.table, &parts.taken.fitted);
    let mut warnings = parts.cut.warnings.clone();
    warnings.extend(parts.built.warnings.iter().cloned());
    warnings.extend(fitted.warnings.iter().cloned());
    warnings.extend(one_time_buyers(parts));
    warnings.extend(previous.map_or_else(Vec::new, Previous::warnings));
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
        input_facts: parts.input.facts(parts.as_of),
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
        group_names: group_names(parts.loaded),
        taxonomies: Vec::new(),
        effective_bins: table.effective_bins.clone(),
        filled: fitted.filled.iter().cloned().collect(),
        missing: fitted.missing.iter().cloned().collect(),
        selection: fitted.selection.clone(),
        layers: fitted.layers.clone(),
        bounds: fitted.bounds.clone(),
        stability: fitted.stability.record,
        converged: fitted.model.converged,
        next_segment: parts.matching.next,
        lineage: match &fitted.model.layers {
            None => parts.matching.lineage.clone(),
            Some(_) => Vec::new(),
        },
        retrain: Some(parts.taken.record.clone()),
        hysteresis: None,
        previous_run: previous.map(|previous| previous.run_id.clone()),
        relabelled_from: None,
        lifecycle: Some(parts.built.lifecycle.clone()),
        clv: parts.built.clv.clone(),
        retention: parts.built.retention.clone(),
        wallet: parts.built.wallet.clone(),
        campaign: parts.built.campaign.clone(),
        warnings,
        timings: Vec::new(),
    }
}
