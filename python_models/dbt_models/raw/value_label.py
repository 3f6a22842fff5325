from kjpoll.landing import landed_relation


def model(dbt, session):
    return landed_relation(session, dbt.ref("wave_file"), dbt.config.get("landing_dir"), "value_label")
