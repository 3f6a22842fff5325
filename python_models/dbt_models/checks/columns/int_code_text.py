from kjpoll.common.code_text import code_forms


def model(dbt, session):
    codes = (
        dbt.ref("int_code_frequency")
        .select("code")
        .union(dbt.ref("value_label").select("code"))
        .union(dbt.ref("code_lists").select("code"))
        .union(dbt.ref("stg_respondent").select("agency_id"))
        .union(dbt.ref("int_file_weight").select("raw_weight"))
        .union(dbt.ref("int_sampling_unit").select("raw_stratum"))
        .union(dbt.ref("int_sampling_unit").select("raw_cluster"))
    )
    return code_forms(codes.filter("code is not null").distinct().df()["code"])
