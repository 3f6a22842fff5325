from kjpoll.landing import wave_file_table


def model(dbt, session):
    return wave_file_table(
        dbt.ref("samples"), dbt.ref("variables"), dbt.config.get("raw_dir"), dbt.config.get("landing_dir")
    )
