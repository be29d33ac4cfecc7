"""Splink 5 on records of Chinese people, as its documentation would have it: run by the interpreter of the peers, with a CSV and where to write the clusters."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import duckdb  # type: ignore[import-not-found,unused-ignore]
import splink.comparison_library as cl  # type: ignore[import-not-found,unused-ignore]
from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # type: ignore[import-not-found,unused-ignore]

RULES = [
    block_on("document"), block_on("phone"), block_on("household"), block_on("sound", "born"), block_on("sound", "substr(region, 1, 9)"),
    block_on("sound", "substr(born, 1, 4)", "substr(region, 1, 6)"), block_on("born", "substr(region, 1, 6)"),
]  # fmt: skip
"""The keys of ours, as far as SQL has them."""
THRESHOLD = 0.99


def main(source: Path, out: Path) -> None:
    """Train without labels, predict, cluster; writes the cluster of each record and the seconds of it all."""
    began = time.perf_counter()
    connection = duckdb.connect()
    connection.execute(f"create table records as select * from read_csv('{source}', all_varchar=true, nullstr='')")
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=RULES,
        comparisons=[
            cl.LevenshteinAtThresholds("document", [1, 2]),
            cl.CustomComparison(
                output_column_name="name",
                comparison_levels=[
                    {"sql_condition": "name_l is null or name_r is null", "label_for_charts": "null", "is_null_level": True},
                    {"sql_condition": "name_l = name_r", "label_for_charts": "same", "tf_adjustment_column": "name"},
                    {"sql_condition": "sound_l = sound_r", "label_for_charts": "same sound"},
                    {"sql_condition": "levenshtein(sound_l, sound_r) <= 2", "label_for_charts": "close sound"},
                    {"sql_condition": "ELSE", "label_for_charts": "different"},
                ],
            ),
            cl.LevenshteinAtThresholds("born", [1, 2]),
            cl.ExactMatch("sex"),
            cl.LevenshteinAtThresholds("phone", [1, 2]),
            cl.LevenshteinAtThresholds("region", [1, 3, 6]),
            cl.ExactMatch("address"),
            cl.ExactMatch("household"),
        ],
    )
    linker = Linker(api.register("records"), settings)
    linker.training.estimate_probability_two_random_records_match([block_on("document"), block_on("name", "born", "phone")], recall=0.5)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in (block_on("document"), block_on("phone"), block_on("sound", "born")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, threshold_match_probability=THRESHOLD)
    rows = clusters.as_record_list()
    answer = {"seconds": time.perf_counter() - began, "cluster": {row["unique_id"]: row["cluster_id"] for row in rows}}
    out.write_text(json.dumps(answer), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
