from kjpoll.landing import landed_file_table


def model(dbt, session):
    return landed_file_table(dbt.ref("wave_file"), dbt.config.get("landing_dir"))
