def model(dbt, session):
    from kjpoll.release import content_table

    return content_table(dbt.ref("int_public_table"))
