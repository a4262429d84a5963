-- The name of the band that a value lies in: the first bound that holds. NULL has no band, unless `unknown` names one.
{% macro band(value, comparison, bounds, names, unknown=none) -%}
    multiIf(
        isNull({{ value }}), {{ "'" ~ unknown ~ "'" if unknown else "null" }},
        {%- for bound in bounds %}
        {{ value }} {{ comparison }} {{ bound }}, '{{ names[loop.index0] }}',
        {%- endfor %}
        '{{ names[bounds | length] }}'
    )
{%- endmacro %}

-- A score of 5 to 2 for the first bound that holds, else 1; NULL for NULL.
{% macro score(value, comparison, bounds) -%}
    multiIf(
        isNull({{ value }}), null,
        {%- for bound in bounds %}
        {{ value }} {{ comparison }} {{ bound }}, {{ 5 - loop.index0 }},
        {%- endfor %}
        1
    )
{%- endmacro %}

-- A score of 1 to 5 by fifths: equal values score alike, by how many lie below them.
{% macro fifth(value, counted) -%}
    if({{ counted }} = 1, toNullable(1 + intDiv(
        5 * (toUInt64(rank() over (partition by {{ counted }} order by {{ value }})) - 1),
        count() over (partition by {{ counted }})
    )), null)
{%- endmacro %}

{% macro lifetime_stage(days) -%}
    {{ band(days, '<', var('lifetime_stage_days'), ['New', 'Recent', 'Regular', 'Veteran']) }}
{%- endmacro %}

{% macro sales_performance(units) -%}
    {{ band(units, '>=', var('sales_performance_units') + [1], ['Best Seller', 'Good', 'Moderate', 'Poor', 'No Sales']) }}
{%- endmacro %}

{% macro stock_level(units) -%}
    {%- set bounds = var('stock_level_units') -%}
    multiIf(
        isNull({{ units }}), null,
        {{ units }} <= 0, 'Out of Stock',
        {{ units }} < {{ bounds[0] }}, 'Critical',
        {{ units }} < {{ bounds[1] }}, 'Low',
        {{ units }} <= {{ bounds[2] }}, 'Normal',
        'Overstock'
    )
{%- endmacro %}

{% macro price_tier(price) -%}
    {{ band(price, '<', var('price_tier_bounds'), ['Budget', 'Mid-Range', 'Premium', 'Luxury']) }}
{%- endmacro %}

{% macro life_cycle(days) -%}
    {{ band(days, '<', var('life_cycle_days'), ['New Launch', 'Current', 'Mature', 'Legacy']) }}
{%- endmacro %}

{% macro review_sentiment(rating) -%}
    {{ band(rating, '>=', var('review_sentiment_bounds'), ['Positive', 'Neutral', 'Negative']) }}
{%- endmacro %}

-- 18-24 … 65+; Unknown where no age is known, and below the first group.
{% macro age_group(age) -%}
    {%- set firsts = var('age_groups') -%}
    multiIf(
        isNull({{ age }}) or {{ age }} < {{ firsts[0] }}, 'Unknown',
        {%- for first in firsts[1:] %}
        {{ age }} < {{ first }}, '{{ firsts[loop.index0] }}-{{ first - 1 }}',
        {%- endfor %}
        '{{ firsts[-1] }}+'
    )
{%- endmacro %}

-- The first that matches, of scores that are all there or all NULL.
{% macro customer_segment(r, f, m) -%}
    multiIf(
        isNull({{ r }}), null,
        {{ r }} >= 4 and {{ f }} >= 4 and {{ m }} >= 4, 'VIP',
        {{ r }} >= 3 and {{ f }} >= 3 and {{ m }} >= 3, 'Loyal',
        {{ r }} >= 4 and {{ f }} = 1, 'New',
        {{ r }} = 1 and {{ f }} <= 2, 'Lost',
        {{ r }} <= 2 and {{ f }} >= 2, 'At Risk',
        {{ r }} <= 2, 'Lost',
        'Regular'
    )
{%- endmacro %}
