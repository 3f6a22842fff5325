select 'drift_alpha' as name, cast({{ var('drift_alpha') }} as decimal(18, 6)) as value
