"""Polls drawn from a public whose opinions are known, put through the models of the project: what they say of a share."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd

from tests.support.rehearsal import Rehearsal

N, QUESTIONS, WAVES = 1_000, 18, (2022, 2023)
CUTS = np.array([-1.6, 0.1, 1.3, 3.0])
NETS = ("positive", "positive", "neither", "negative", "negative")
# Of six groups of the public of one size: the chance of taking part, and how far opinion differs, in logits.
CHANCE = np.array([1.0, 0.85, 0.7, 0.6, 0.5, 0.4])
SHIFT = np.array([-0.5, -0.3, -0.1, 0.1, 0.3, 0.5])
# Clusters of 20 in strata of 10 clusters, and the deviation of opinion between clusters in logits: a design effect of about 1.5.
SIZE, CLUSTERS, BETWEEN = 20, 10, 0.35
# What a poll without these has none of; the models find them empty.
EMPTY = (
    "fct_multiple_response",
    "int_multiple_status",
    "int_known_share",
    "int_constrained_share",
    "series_finding",
    "int_published_share",
    "demographics",
    "known_changes",
    "waivers",
    "int_multiple_choice",
)


@dataclass(frozen=True)
class Poll:
    """One sample of each country and wave. shares: (countries, waves, questions, groups, categories) of the public.

    weighted: whether groups take part with unequal chance, which the weights undo. clustered: whether the respondents are
    drawn by clusters, which differ in opinion, in the file.
    """

    shares: np.ndarray
    weighted: bool = False
    clustered: bool = False

    def truth(self) -> pd.DataFrame:
        """One row per country, wave, question and net: `true_pct` of the public."""
        shares = self.shares
        if self.clustered:
            places, weights = np.polynomial.hermite_e.hermegauss(15)
            parts = [
                weight * between_clusters(shares, BETWEEN * at)
                for at, weight in zip(places, weights, strict=True)
            ]
            shares = np.sum(parts, axis=0) / weights.sum()
        public = 100 * shares.mean(axis=3)
        rows = [
            (
                country_name(c),
                WAVES[w],
                question_name(q),
                net,
                of_question[[name == net for name in NETS]].sum(),
            )
            for c, of_country in enumerate(public)
            for w, of_wave in enumerate(of_country)
            for q, of_question in enumerate(of_wave)
            for net in dict.fromkeys(NETS)
        ]
        return pd.DataFrame(rows, columns=["country", "wave", "question_id", "net", "true_pct"])

    def draw(self, random: np.random.Generator) -> dict[str, pd.DataFrame]:
        """The tables of the warehouse that the models of the shares start from, by name."""
        chance = CHANCE / CHANCE.sum() if self.weighted else np.full(6, 1 / 6)
        questions = [question_name(number) for number in range(self.shares.shape[2])]
        categories = np.array([category_name(number) for number in range(len(NETS))])
        samples, weights, answers = [], [], []
        for number, of_country in enumerate(self.shares):
            for wave, shares in zip(WAVES, of_country, strict=True):
                sample = {
                    "sample_id": f"{country_name(number)}-{wave}",
                    "wave": wave,
                    "country": country_name(number),
                    "series": country_name(number),
                }
                group = random.choice(6, N, p=chance)
                weight = 1 / CHANCE[group] if self.weighted else np.ones(N)
                own = shares[:, group, :]
                if self.clustered:
                    leaning = BETWEEN * random.standard_normal((len(questions), N // SIZE, 1))
                    own = between_clusters(own, np.repeat(leaning, SIZE, axis=1))
                below = own.cumsum(axis=2)[:, :, :-1]
                chosen = (random.random((len(questions), N, 1)) > below).sum(axis=2)
                samples.append(sample)
                weights.append(pd.DataFrame({**sample, "row": np.arange(N), "weight": weight}))
                answers.append(
                    pd.DataFrame(
                        {
                            **sample,
                            "row": np.tile(np.arange(N), len(questions)),
                            "question_id": np.repeat(questions, N),
                            "category_id": categories[chosen.ravel()],
                            "weight": np.tile(weight, len(questions)),
                        }
                    )
                )
        sample = pd.DataFrame(samples)
        answer = pd.concat(answers, ignore_index=True).assign(answer_status="answered")
        asked = sample.merge(pd.DataFrame({"question_id": questions}), how="cross").assign(
            comparability="identical", referent=None, universe=None, answer_type="ordinal"
        )
        people = pd.concat(weights, ignore_index=True)
        cluster = people["row"] // SIZE
        units = people.assign(
            stratum=(cluster // CLUSTERS).astype(str),
            cluster=cluster.astype(str),
            relative_weight=people["weight"],
        )
        design = sample[["sample_id"]].assign(stratum_variable="stratum", cluster_variable="cluster")
        options = pd.DataFrame({"category_id": categories, "position": range(1, len(NETS) + 1), "net": NETS})
        return {
            "dim_sample": sample.assign(synthetic=False, source_id=None),
            "samples": sample.assign(design_effect=1.0),
            "int_asked": asked,
            "int_offered_category": asked.merge(
                options.assign(missing_type=None, exclusive=False), how="cross"
            ),
            "int_weight": people.assign(is_weighted=self.weighted),
            "int_sampling_design": design if self.clustered else design[:0],
            "int_sampling_unit": units if self.clustered else units[:0],
            "int_single_answer": answer,
            "int_answer_status": answer[["sample_id", "row", "question_id", "answer_status"]],
            "fct_response": answer,
        }


def country_name(number: int) -> str:
    return f"C{number:03d}"


def question_name(number: int) -> str:
    return f"q{number:02d}"


def category_name(number: int) -> str:
    return f"c{number}"


def between_clusters(shares: np.ndarray, leaning: np.ndarray | float) -> np.ndarray:
    """The shares of answers where opinion is moved by so many logits; categories are the last axis."""
    below = np.clip(shares.cumsum(axis=-1)[..., :-1], 1e-12, 1 - 1e-12)
    return np.diff(1 / (1 + (1 - below) / below * np.exp(leaning)), prepend=0, append=1)


def opinions(countries: int, random: np.random.Generator) -> np.ndarray:
    """(countries, questions, groups, categories) shares of publics, the questions more or less favourable."""
    place = random.normal(0, 0.8, (countries, QUESTIONS, 1, 1)) + SHIFT[:, None]
    below = 1 / (1 + np.exp(-(CUTS - place)))
    return np.diff(below, prepend=0, append=1)


def moved(public: np.ndarray, movement: float, degrees: int, random: np.random.Generator) -> np.ndarray:
    """The shares after opinion has moved as drift takes it to: the share p of an answer by Student's t times
    2 sqrt(p (1 - p)) times `movement`, the answers of a question so that their sum stays one; all groups alike."""
    overall = public.mean(axis=2, keepdims=True)
    root = np.sqrt(overall)
    normal = random.standard_normal(overall.shape)
    scale = np.sqrt(degrees / random.chisquare(degrees, overall[..., :1].shape))
    change = 2 * movement * scale * root * (normal - root * (root * normal).sum(axis=-1, keepdims=True))
    shares = public * np.maximum(overall + change, 0.001) / overall
    return shares / shares.sum(axis=-1, keepdims=True)


def from_tables(
    rehearsal: Rehearsal, tables: Mapping[str, pd.DataFrame], targets: tuple[str, ...]
) -> duckdb.DuckDBPyConnection:
    """A database with the models `targets` and what they need, built on these tables in the place of the warehouse's."""
    tables = {**{name: None for name in EMPTY}, **tables}
    named = {unique_id: node["name"] for unique_id, node in rehearsal.nodes.items()}
    parents = {
        unique_id: [] if named.get(unique_id) in tables else ids
        for unique_id, ids in rehearsal.parents.items()
    }
    cut = dataclasses.replace(rehearsal, parents=parents)
    con = duckdb.connect()
    con.execute("attach ':memory:' as warehouse; use warehouse")
    for unique_id in cut.order(targets):
        node = rehearsal.nodes[unique_id]
        con.execute(f"create schema if not exists {node['schema']}")
        if node["name"] not in tables:
            cut.build(con, node, rehearsal.project_dir.parent, rehearsal.nodes)
            continue
        rows = tables[node["name"]]
        if rows is None:
            types = {"n": "bigint", "is_contradicted": "boolean", **node["config"].get("column_types", {})}
            columns = ", ".join(
                f'"{name}" {column.get("data_type") or types.get(name, "varchar")}'
                for name, column in node["columns"].items()
            )
            con.execute(f"create table {node['relation_name']} ({columns})")
        else:
            con.register("_rows", rows)
            con.execute(f"create table {node['relation_name']} as select * from _rows")
            con.unregister("_rows")
    return con


def drift_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What drift starts from, of the same answers."""
    keys = ["sample_id", "question_id"]
    answers = tables["fct_response"].groupby([*keys, "category_id"], observed=True)["weight"]
    counted = answers.agg(n="size", weighted_n="sum").reset_index()
    shares = tables["int_offered_category"].merge(counted, how="left").fillna({"n": 0, "weighted_n": 0.0})
    totals = shares.groupby(keys)[["n", "weighted_n"]].transform("sum")
    shares = shares.astype({"n": int}).assign(
        base_n=totals["n"].astype(int),
        base_substantive_n=totals["n"].astype(int),
        base_weighted_n=totals["weighted_n"],
        base_substantive_weighted_n=totals["weighted_n"],
    )
    names = (
        "dim_sample",
        "samples",
        "int_asked",
        "int_offered_category",
        "int_weight",
        "int_sampling_design",
        "int_sampling_unit",
        "int_single_answer",
        "int_answer_status",
    )
    questions = pd.DataFrame({"question_id": shares["question_id"].unique(), "answer_type": "ordinal"})
    return {name: tables[name] for name in names} | {"int_wave_share": shares, "questions": questions}
