"""The fixed words of a table, in the languages that they are written in."""

from __future__ import annotations

LANGUAGES = ("en", "ko", "ja")

WORDS: dict[str, tuple[str, str, str]] = {
    "table": ("Table {}", "표 {}", "表{}"),
    "model": ("Model", "모형", "モデル"),
    "sample": ("Sample", "표본", "標本"),
    "wave": ("Wave", "조사 연도", "調査年"),
    "country": ("Country", "국가", "国"),
    "logit": ("Ordinal logistic regression", "순서형 로지스틱 회귀분석", "順序ロジスティック回帰"),
    "probit": ("Ordinal probit regression", "순서형 프로빗 회귀분석", "順序プロビット回帰"),
    "title": (
        "{method}: {outcome}, {samples}",
        "{method}: {outcome}, {samples}",
        "{method}：{outcome}、{samples}",
    ),
    "n_obs": ("N", "N", "N"),
    "share": ("N, % of respondents", "N, 응답자 중 %", "N、回答者中%"),
    "pseudo_r2": ("Pseudo R2 (McFadden)", "유사 R2 (McFadden)", "擬似R2（McFadden）"),
    "log_likelihood": ("Log likelihood", "로그우도", "対数尤度"),
    "aic": ("AIC", "AIC", "AIC"),
    "bic": ("BIC", "BIC", "BIC"),
    "t_note": ("t statistics in parentheses", "괄호 안은 t 통계량", "括弧内はt統計量"),
    "stars_note": ("* p<0.05, ** p<0.01, *** p<0.001",) * 3,
    "synthetic_note": (
        "The data are synthetic: records made to agree with the published results, not answers of respondents.",
        "이 데이터는 합성 데이터이다. 공표된 결과에 맞추어 만든 기록이며 응답자의 실제 응답이 아니다.",
        "このデータは合成データである。公表結果に合うように作られた記録であり、回答者の実際の回答ではない。",
    ),
    "synthetic_samples_note": (
        (
            "The data of {samples} are synthetic: records made to agree with the published results, "
            "not answers of respondents."
        ),
        "{samples}의 데이터는 합성 데이터이다. 공표된 결과에 맞추어 만든 기록이며 응답자의 실제 응답이 아니다.",
        "{samples}のデータは合成データである。公表結果に合うように作られた記録であり、回答者の実際の回答ではない。",
    ),
    "assumed_note": (
        "Not published: {columns}. They show a method on made-up records and are no findings.",
        "공표되지 않음: {columns}. 만들어진 기록에 방법을 적용해 보인 것이며 조사 결과가 아니다.",
        "未公表：{columns}。作られた記録に方法を当てはめて示すものであり、調査結果ではない。",
    ),
    "direction_note": (
        (
            "Outcome: {outcome}, from “{first}” to “{last}”. A positive coefficient goes with an answer nearer "
            "“{last}”. Terms without levels enter by the position of the answer."
        ),
        (
            "종속변수: {outcome}, '{first}'에서 '{last}'까지. 계수가 양수이면 응답이 '{last}'에 가까워진다. "
            "수준이 없는 항은 응답의 순서 값으로 투입하였다."
        ),
        (
            "従属変数：{outcome}、「{first}」から「{last}」まで。正の係数は「{last}」に近い回答と結びつく。"
            "水準のない項は回答の順位の値で投入した。"
        ),
    ),
    "favourability_note": (
        (
            "Outcome: {outcome}, from “{first}” to “{last}”. Signs are reversed: a positive coefficient goes with "
            "an answer nearer “{first}”, and the cut points are counted from “{last}”. "
            "Terms without levels enter by the position of the answer, as they were fitted."
        ),
        (
            "종속변수: {outcome}, '{first}'에서 '{last}'까지. 부호를 뒤집었다. 계수가 양수이면 응답이 '{first}'에 "
            "가까워지고, 절단점은 '{last}'부터 센다. 수준이 없는 항은 추정할 때와 같이 응답의 순서 값으로 투입하였다."
        ),
        (
            "従属変数：{outcome}、「{first}」から「{last}」まで。符号を反転した。正の係数は「{first}」に近い回答と"
            "結びつき、閾値は「{last}」から数える。水準のない項は推定時と同じく回答の順位の値で投入した。"
        ),
    ),
    "odds_note": (
        "Proportional odds are rejected (score test, p<0.05): {terms}. There a coefficient is an average over cut points.",
        "비례 오즈 가정 기각 (스코어 검정, p<0.05): {terms}. 이 경우 계수는 절단점들에 걸친 평균이다.",
        "比例オッズの仮定を棄却（スコア検定、p<0.05）：{terms}。この場合、係数は閾値にわたる平均である。",
    ),
    "all_terms": ("all terms together", "모든 항 전체", "すべての項の全体"),
    "reference_note": ("Reference levels: {levels}.", "기준 범주: {levels}.", "基準カテゴリー：{levels}。"),
    "all_cuts": ("All cut points", "모든 절단점", "すべての閾値"),
    "above_cut": ("Above cut {}", "절단점 {} 위", "閾値{}より上"),
    "level_above_cut": ("{}: {}", "{}: {}", "{}：{}"),
    "nominal_note": (
        "Partial proportional odds: a coefficient above a cut point is of the answers beyond it against all before.",
        "부분 비례오즈: 어느 절단점 위의 계수는 그 절단점을 넘는 응답과 그 이하 응답 전체를 비교한다.",
        "部分比例オッズ：閾値より上の係数は、その閾値を超える回答とそれ以下のすべての回答とを比べる。",
    ),
    "models_note": ("Models: {models}.", "모형: {models}.", "モデル：{models}。"),
    "left_out_note": (
        "Not asked in the sample, so left out: {models}.",
        "해당 표본에서 묻지 않아 제외: {models}.",
        "標本で尋ねていないため除外：{models}。",
    ),
    "dropped_note": (
        "Taken out of the model: {models}.",
        "모형에서 뺀 항: {models}.",
        "モデルから除いた項：{models}。",
    ),
    "not_freed_note": (
        "Proportional odds are rejected but assumed: {models}.",
        "비례오즈가 기각되었으나 가정한 항: {models}.",
        "比例オッズは棄却されたが仮定した項：{models}。",
    ),
    "problem_note": ("No estimates: {models}.", "추정값 없음: {models}.", "推定値なし：{models}。"),
    "robust": ("Robust standard errors{models}.", "강건 표준오차{models}.", "頑健標準誤差{models}。"),
    "cluster": (
        "Cluster-robust standard errors{models}.",
        "군집 강건 표준오차{models}.",
        "クラスター頑健標準誤差{models}。",
    ),
    "design": (
        "Design-based standard errors{models}.",
        "표본설계 기반 표준오차{models}.",
        "標本設計に基づく標準誤差{models}。",
    ),
    "weight_note": (
        "Weighted by {weight}{models}.",
        "가중치: {weight}{models}.",
        "ウェイト：{weight}{models}。",
    ),
    "in_models": (" in {}", " ({})", "（{}）"),
    "comma": (", ", ", ", "、"),
    "semicolon": ("; ", "; ", "；"),
}


class Words:
    """The words of one language, or of the first where they are not written in it: ``words("n_obs")``, ``words("table", 1)``."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._index = LANGUAGES.index(language) if language in LANGUAGES else 0

    def __contains__(self, key: str) -> bool:
        return key in WORDS

    def __call__(self, key: str, *values: object, **named: object) -> str:
        return WORDS[key][self._index].format(*values, **named)
