from kjpoll.common.label_text import plain_labels


def model(dbt, session):
    labels = dbt.ref("value_label").select("label")
    for language in ("label_en", "label_ko", "label_ja"):
        labels = labels.union(dbt.ref("categories").select(language))
    return plain_labels(labels.filter("label is not null").distinct().df()["label"])
