from kjpoll.common.label_text import plain_labels
from kjpoll.common.languages import label_columns


def model(dbt, session):
    labels = dbt.ref("value_label").select("label")
    categories = dbt.ref("categories")
    for column in label_columns(categories.columns):
        labels = labels.union(categories.select(column))
    return plain_labels(labels.filter("label is not null").distinct().df()["label"])
