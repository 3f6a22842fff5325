from kjpoll.landing import file_problem_table


def model(dbt, session):
    # Landing the files finds their faults: the edge makes that happen first.
    dbt.ref("wave_file")
    return file_problem_table(dbt.config.get("landing_dir"))
