//! What every kernel stands on: rows of values, blocks of a fixed size, squared distances, and the
//! choice of the instruction set at run time.

mod blocks;
mod grid;
mod groups;
mod points;
mod screen;
mod simd;
mod tile;

pub(crate) use blocks::{
    BLOCK, each_block, fold_blocks, map_blocks, map_groups, map_ranges, rows_for,
};
pub(crate) use grid::{Grid, GridScreen, Pairs};
pub(crate) use groups::{Group, Grouped, NearestTwo, ROWS, each_group, squared_distances, sum};
pub(crate) use points::{Nearest, Packed, Points, squared_distance};
pub(crate) use screen::{Nearby, Screen, down, up};
pub(crate) use simd::level;
pub(crate) use tile::{Frame, TILE, Tile};
