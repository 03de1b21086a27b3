//! Records of a run <-> polars frames <-> Parquet.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use polars::prelude::*;

use crate::cluster::MicroId;
use crate::features::{
    AttributeColumn, CATALOGUE, FeatureColumn, FeatureTable, LIFECYCLE_COLUMN, METHOD_COLUMNS,
    Stage, Unit,
};
use crate::run::{Assignment, Manifest, Segments, column};
use crate::track::{Proposal, months_between};
use crate::types::{AsOf, CustomerId, GroupKey, SegmentId, date_of_days, days_since_epoch};

/// Rows of a row group: fixed, so that the same rows give the same bytes.
const ROW_GROUP: usize = 1 << 18;

/// Writes a frame as Parquet (Zstandard).
///
/// # Errors
/// What the disk says.
pub fn write_parquet(frame: &mut DataFrame, file: &mut impl Write) -> io::Result<()> {
    ParquetWriter::new(file)
        .with_row_group_size(Some(ROW_GROUP))
        .set_parallel(false)
        .finish(frame)
        .map(|_| ())
        .map_err(parquet_error)
}

/// What the disk says, out of what polars says.
pub fn parquet_error(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    }
}

/// Reads a Parquet file; polars panics on some broken ones, which is told as a fault of the
/// file.
pub(super) fn read_parquet(file: std::fs::File) -> Result<DataFrame, String> {
    match catch_unwind(AssertUnwindSafe(|| ParquetReader::new(file).set_rechunk(true).finish())) {
        Ok(Ok(frame)) => Ok(frame),
        Ok(Err(error)) => Err(error.to_string().lines().next().unwrap_or_default().to_owned()),
        Err(_) => Err("its content is broken".into()),
    }
}

fn strings<'a>(values: impl Iterator<Item = Option<&'a str>>, name: &str) -> Column {
    StringChunked::from_iter_options(name.into(), values).into_column()
}

fn dates(values: impl Iterator<Item = Option<i32>>, name: &str) -> PolarsResult<Column> {
    Int32Chunked::from_iter_options(name.into(), values).into_column().cast(&DataType::Date)
}

/// One row a customer: buyers with their features, prospects with what is known of them and nulls;
/// sorted by customer.
pub(super) fn feature_frame(table: &FeatureTable) -> PolarsResult<DataFrame> {
    // Row of each customer among the buyers or the prospects, in the order of all customers.
    let mut order: Vec<(&CustomerId, Result<usize, usize>)> =
        table.customers.iter().enumerate().map(|(row, id)| (id, Ok(row))).collect();
    order.extend(table.prospects.iter().enumerate().map(|(row, id)| (id, Err(row))));
    order.sort_unstable();
    let mut columns = vec![strings(order.iter().map(|(id, _)| Some(id.as_str())), "customer_id")];
    let mut names: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    for column in &table.prospect_columns {
        if !names.contains(&column.name.as_str()) {
            names.push(&column.name);
        }
    }
    for name in names {
        let buyers = table.column(name).map(|column| &column.values);
        let prospects = table.prospect_columns.iter().find(|column| column.name == name);
        let prospects = prospects.map(|column| &column.values);
        let values = order.iter().map(|(_, row)| {
            let value = match row {
                Ok(row) => buyers.map(|values| values[*row]),
                Err(row) => prospects.map(|values| values[*row]),
            };
            value.filter(|value| !value.is_nan())
        });
        columns.push(Float64Chunked::from_iter_options(name.into(), values).into_column());
    }
    for column in table.attributes.iter().chain(&table.methods) {
        // What is known of whoever has not bought: that they are prospects.
        let other = (column.name == LIFECYCLE_COLUMN).then_some(Stage::Prospect.key());
        let values = order.iter().map(|(_, row)| match row {
            Ok(row) => column.values[*row].as_deref(),
            Err(_) => other,
        });
        columns.push(strings(values, &column.name));
    }
    DataFrame::new(order.len(), columns)
}

/// The feature table of a stored run.
pub(super) fn features(frame: &DataFrame, manifest: &Manifest) -> Result<FeatureTable, String> {
    let fault = |error: PolarsError| error.to_string();
    let ids = frame.column("customer_id").and_then(|c| c.str().cloned()).map_err(fault)?;
    // Buyers are those with an order; every buyer has at least one.
    let orders = frame.column("n_orders").and_then(|c| c.f64().cloned()).map_err(fault)?;
    let mut table =
        FeatureTable { effective_bins: manifest.effective_bins.clone(), ..Default::default() };
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    for (row, (id, orders)) in ids.iter().zip(orders.iter()).enumerate() {
        let id = CustomerId::from(id.ok_or("customer_id is null")?);
        if orders.is_some() {
            table.customers.push(id);
            rows.push(row);
        } else {
            table.prospects.push(id);
            others.push(row);
        }
    }
    for column in frame.columns() {
        let name = column.name().to_string();
        if name == "customer_id" {
            continue;
        }
        if let Ok(values) = column.f64() {
            // Of prospects alone are the columns without a unit in the manifest.
            let of_buyers = manifest.units.get(&name).copied();
            let made = CATALOGUE.iter().find(|(known, ..)| *known == name);
            let unit = of_buyers.or(made.map(|(_, unit, _)| *unit)).unwrap_or(Unit::Attribute);
            let of = |rows: &[usize]| -> Vec<f64> {
                rows.iter().map(|&row| values.get(row).unwrap_or(f64::NAN)).collect()
            };
            let prospects = of(&others);
            if prospects.iter().any(|value| !value.is_nan()) {
                let (name, values) = (name.clone(), prospects);
                table.prospect_columns.push(FeatureColumn { name, unit, values });
            }
            if of_buyers.is_some() || table.prospect_columns.iter().all(|c| c.name != name) {
                table.columns.push(FeatureColumn { name, unit, values: of(&rows) });
            }
        } else if let Ok(values) = column.str() {
            let values = rows.iter().map(|&row| values.get(row).map(Arc::from)).collect();
            let column = AttributeColumn { name, values };
            match METHOD_COLUMNS.contains(&column.name.as_str()) {
                true => table.methods.push(column),
                false => table.attributes.push(column),
            }
        } else {
            return Err(format!("column `{name}` has an unknown type"));
        }
    }
    Ok(table)
}

/// The rows of `assignments.parquet`; `further` are the columns of the further taxonomies.
///
/// # Errors
/// A fault of polars.
pub fn assignment_frame(rows: &[Assignment], further: &[&str]) -> PolarsResult<DataFrame> {
    let segment_text = |of: &dyn Fn(&Assignment) -> Option<SegmentId>| -> Vec<Option<String>> {
        rows.iter().map(|row| of(row).map(|segment| segment.to_string())).collect()
    };
    let segments = segment_text(&|row| row.segment);
    let previous = segment_text(&|row| row.previous_segment);
    let groups = rows.iter().map(|row| Some(row.group.0.as_str()));
    let previous_groups = rows.iter().map(|row| row.previous_group.as_ref().map(|g| g.0.as_str()));
    let mut columns = vec![
        strings(rows.iter().map(|row| Some(row.customer.as_str())), "customer_id"),
        strings(segments.iter().map(Option::as_deref), "segment"),
        strings(groups, "group"),
        UInt8Chunked::from_iter_options("tier".into(), rows.iter().map(|row| row.tier))
            .into_column(),
        Float64Chunked::from_iter_options(
            "membership".into(),
            rows.iter().map(|row| row.membership),
        )
        .into_column(),
        Float64Chunked::from_iter_options("margin".into(), rows.iter().map(|row| row.margin))
            .into_column(),
        Float64Chunked::from_iter_options(
            "outlier_score".into(),
            rows.iter().map(|row| row.outlier_score),
        )
        .into_column(),
        Float64Chunked::from_iter_options("stability".into(), rows.iter().map(|row| row.stability))
            .into_column(),
        strings(previous.iter().map(Option::as_deref), "previous_segment"),
        strings(previous_groups, "previous_group"),
        dates(
            rows.iter().map(|row| Some(days_since_epoch(row.group_changed_on))),
            "group_changed_on",
        )?,
        UInt32Chunked::from_iter_options(
            "months_in_group".into(),
            rows.iter().map(|row| Some(row.months_in_group)),
        )
        .into_column(),
        UInt32Chunked::from_iter_options("moves".into(), rows.iter().map(|row| row.moves))
            .into_column(),
    ];
    if rows.iter().any(|row| row.noise.is_some()) {
        let noise = rows.iter().map(|row| row.noise);
        columns.push(Float64Chunked::from_iter_options("noise".into(), noise).into_column());
    }
    if rows.iter().any(|row| row.proposal.is_some()) {
        let waiting = || rows.iter().map(|row| row.proposal.as_ref());
        let groups = waiting().map(|waiting| waiting.map(|waiting| waiting.group.0.as_str()));
        columns.push(strings(groups, "proposed_group"));
        let since = waiting().map(|waiting| waiting.map(|one| days_since_epoch(one.since)));
        columns.push(dates(since, "proposed_since")?);
    }
    for (place, name) in further.iter().enumerate() {
        let groups = rows.iter().map(|row| row.further.get(place).map(|group| group.0.as_str()));
        columns.push(strings(groups, name));
    }
    DataFrame::new(rows.len(), columns)
}

/// The assignments of a stored run of `as_of`; `further` are the columns of its further taxonomies.
pub(super) fn assignments(
    frame: &DataFrame,
    further: &[&str],
    as_of: AsOf,
) -> Result<Vec<Assignment>, String> {
    let fault = |error: PolarsError| error.to_string();
    let text = |name: &str| frame.column(name).and_then(|c| c.str().cloned()).map_err(fault);
    let float = |name: &str| frame.column(name).and_then(|c| c.f64().cloned()).map_err(fault);
    let customers = text("customer_id")?;
    let (segments, previous) = (text("segment")?, text("previous_segment")?);
    let (groups, previous_groups) = (text("group")?, text("previous_group")?);
    let others = further.iter().map(|name| text(name)).collect::<Result<Vec<_>, _>>()?;
    let (memberships, margins) = (float("membership")?, float("margin")?);
    // Not there without noise.
    let noises = frame.column("noise").ok().map(|c| c.f64().cloned()).transpose().map_err(fault)?;
    // Runs of earlier releases do not have it.
    let outlier_scores = float("outlier_score").ok();
    let stabilities = float("stability").ok();
    let tiers = frame.column("tier").and_then(|c| c.u8().cloned()).map_err(fault)?;
    let changed = frame
        .column("group_changed_on")
        .and_then(|c| c.cast(&DataType::Int32))
        .and_then(|c| c.i32().cloned())
        .map_err(fault)?;
    let group = |value: &str| GroupKey(value.to_owned());
    // Not there where nobody's group waits.
    let proposed = frame.column("proposed_group").and_then(|c| c.str().cloned()).ok();
    let since = (frame.column("proposed_since").and_then(|c| c.cast(&DataType::Int32)))
        .and_then(|c| c.i32().cloned())
        .ok();
    let proposal = |row: usize| {
        Some(Proposal {
            group: group(proposed.as_ref()?.get(row)?),
            since: date_of_days(since.as_ref()?.get(row)?)?,
        })
    };
    let moves = frame.column("moves").and_then(|c| c.u32().cloned()).ok();
    let segment = |value: Option<&str>| value.map(str::parse::<SegmentId>).transpose();
    (0..frame.height())
        .map(|row| {
            let group_changed_on = changed
                .get(row)
                .and_then(date_of_days)
                .ok_or("group_changed_on is null or no date")?;
            Ok(Assignment {
                customer: customers.get(row).ok_or("customer_id is null")?.into(),
                segment: segment(segments.get(row))?,
                group: group(groups.get(row).ok_or("group is null")?),
                further: (others.iter())
                    .map(|other| other.get(row).map(group).ok_or("a further group is null"))
                    .collect::<Result<_, _>>()?,
                tier: tiers.get(row),
                membership: memberships.get(row),
                margin: margins.get(row),
                noise: noises.as_ref().and_then(|noises| noises.get(row)),
                outlier_score: outlier_scores.as_ref().and_then(|column| column.get(row)),
                stability: stabilities.as_ref().and_then(|column| column.get(row)),
                previous_segment: segment(previous.get(row))?,
                previous_group: previous_groups.get(row).map(group),
                group_changed_on,
                months_in_group: months_between(group_changed_on, as_of.0),
                moves: moves.as_ref().and_then(|column| column.get(row)),
                proposal: proposal(row),
            })
        })
        .collect()
}

/// The rows of `segments.parquet`: the figures of `segments.json` that fit a table.
pub(super) fn segment_frame(segments: &Segments) -> PolarsResult<DataFrame> {
    let rows = &segments.segments;
    let number = |name: &str, of: &dyn Fn(&crate::run::Segment) -> Option<f64>| {
        Float64Chunked::from_iter_options(name.into(), rows.iter().map(of)).into_column()
    };
    let ids: Vec<String> = rows.iter().map(|row| row.segment.to_string()).collect();
    let text = |name: &str, of: &dyn Fn(&crate::run::Segment) -> String| {
        let values: Vec<String> = rows.iter().map(of).collect();
        strings(values.iter().map(|value| Some(value.as_str())), name)
    };
    let optional = |name: &str, of: &dyn Fn(&crate::run::Segment) -> Option<String>| {
        let values: Vec<Option<String>> = rows.iter().map(of).collect();
        strings(values.iter().map(Option::as_deref), name)
    };
    let mut columns = vec![
        strings(ids.iter().map(|id| Some(id.as_str())), "segment"),
        text("group", &|row| row.label.group.0.clone()),
        text("name_en", &|row| row.label.name.en.clone()),
        text("name_vi", &|row| row.label.name.vi.clone()),
        UInt64Chunked::from_iter_options(
            "customers".into(),
            rows.iter().map(|row| Some(row.profile.customers as u64)),
        )
        .into_column(),
        number("share_of_customers", &|row| Some(row.profile.share_of_customers)),
        number("revenue", &|row| Some(row.profile.revenue)),
        number("share_of_revenue", &|row| row.profile.share_of_revenue),
        number("fidelity", &|row| Some(row.label.fidelity)),
        number("bootstrap_jaccard", &|row| row.bootstrap_jaccard),
        number("bootstrap_dissolved", &|row| Some(row.stability?.bootstrap?.dissolved as f64)),
        number("bootstrap_recovered", &|row| Some(row.stability?.bootstrap?.recovered as f64)),
        number("subset_jaccard", &|row| Some(row.stability?.subset?.jaccard)),
        number("subset_dissolved", &|row| Some(row.stability?.subset?.dissolved as f64)),
        number("subset_recovered", &|row| Some(row.stability?.subset?.recovered as f64)),
        optional("stability", &|row| Some(row.stability?.word.name().to_owned())),
        number("customer_stability", &|row| row.stability?.customers),
        number("silhouette", &|row| row.silhouette),
        number("separation", &|row| Some(row.separation?.ratio)),
        optional("neighbour", &|row| Some(row.separation?.neighbour.to_string())),
        optional("judged_by", &|row| Some(row.label.judgement.as_ref()?.author.clone())),
        optional("group_by_rule", &|row| {
            Some(row.label.judgement.as_ref()?.by_rule.group.0.clone())
        }),
        text("reason_en", &|row| row.label.reason.en.clone()),
        text("reason_vi", &|row| row.label.reason.vi.clone()),
    ];
    if rows.iter().any(|row| row.micro.is_some()) {
        let micro = |row: &crate::run::Segment, of: fn(&MicroId) -> String| {
            row.micro.as_ref().map_or_else(String::new, of)
        };
        columns.push(text("stage", &|row| micro(row, |micro| micro.stage.to_string())));
        columns.push(text("string", &|row| micro(row, MicroId::text)));
    }
    for key in rows.iter().flat_map(|row| row.further.keys()).collect::<BTreeSet<_>>() {
        let group = |row: &crate::run::Segment| Some(row.further.get(key)?.group.0.clone());
        columns.push(optional(&column(key), &group));
    }
    for name in segments.population.medians.keys() {
        let column =
            number(&format!("median_{name}"), &|row| row.profile.medians.get(name).copied());
        columns.push(column);
    }
    DataFrame::new(rows.len(), columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assignments_come_back_and_those_of_earlier_releases_without_stability() {
        let row = |customer: &str, stability| Assignment {
            customer: customer.into(),
            segment: Some(SegmentId(3)),
            group: GroupKey("loyal".into()),
            further: vec![GroupKey("large".into())],
            tier: Some(4),
            membership: Some(0.75),
            margin: Some(0.5),
            noise: None,
            outlier_score: None,
            stability,
            previous_segment: None,
            previous_group: None,
            group_changed_on: jiff::civil::Date::constant(2024, 6, 30),
            months_in_group: 2,
            moves: stability.map(|_| 1),
            proposal: stability.map(|_| Proposal {
                group: GroupKey("lost".into()),
                since: jiff::civil::Date::constant(2024, 7, 31),
            }),
        };
        let as_of = AsOf(jiff::civil::Date::constant(2024, 8, 31));
        let assignments = |frame: &DataFrame, further: &[&str]| assignments(frame, further, as_of);
        let rows = [row("a", Some(0.93)), row("b", None)];
        let further = ["group_pyramid"];
        let frame = assignment_frame(&rows, &further).expect("a frame");
        assert_eq!(assignments(&frame, &further).expect("rows"), rows);
        let older = frame.drop_many(["stability", "moves", "months_in_group", "proposed_group"]);
        assert_eq!(assignments(&older, &further).expect("rows"), [row("a", None), row("b", None)]);
        let one = frame.drop("group_pyramid").expect("the column is there");
        assert!(assignments(&one, &further).is_err(), "the manifest says that it is there");
        assert!(assignments(&one, &[]).expect("rows")[0].further.is_empty());
    }
}
