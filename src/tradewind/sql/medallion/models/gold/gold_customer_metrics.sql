-- gold_customer_metrics: one row per customer, told of or only seen in orders; what they did, not who they are.
-- reads   gold_sales_lines, silver_customers
-- feeds   gold_customer_analytics, gold_acquisition
-- key     customer_id
-- No name, e-mail or city is stored here: gold_customer_analytics takes them from the newest state of the customer.
{{ config(tags=['customers'], order_by=['customer_id']) }}

with bought as (
    select
        assumeNotNull(lines.customer_id) as customer_id,
        minIf(toNullable(date), is_first_line = 1) as first_order_date,
        maxIf(toNullable(date), is_first_line = 1) as last_order_date,
        sum(toUInt64(is_first_line)) as total_orders,
        sum(toUInt64(is_first_line and isNull(fx_rate))) as unconverted_orders,
        sum(lines.units) as total_units,
        sum(gross_revenue_converted) as gross_revenue,
        sum(refunded_converted) as refunded,
        argMinIf(lines.channel, lines.at, is_first_line = 1) as first_channel,
        argMinIf(ifNull(toString(lines.country), ''), lines.at, is_first_line = 1) as first_country
    from {{ ref('gold_sales_lines') }} as lines
    where isNotNull(lines.customer_id)
    group by customer_id
),

told as (
    select customer_id, country, birth_date, toNullable(created_at) as created_at, toNullable(created_date) as created_date
    from {{ ref('silver_customers') }}
),

joined as (
    select
        if(told.customer_id = '', bought.customer_id, told.customer_id) as customer_id,
        told.country as country,
        told.birth_date as birth_date,
        told.created_at as created_at,
        -- Somebody never told of is known since the first order.
        ifNull(told.created_date, bought.first_order_date) as known_since,
        bought.first_order_date as first_order_date,
        bought.last_order_date as last_order_date,
        bought.total_orders as total_orders,
        bought.unconverted_orders as unconverted_orders,
        bought.total_units as total_units,
        ifNull(bought.gross_revenue, 0) as gross_revenue,
        ifNull(bought.refunded, 0) as refunded,
        ifNull(bought.gross_revenue, 0) - ifNull(bought.refunded, 0) as total_revenue,
        if(bought.total_orders > 0, nullIf(toString(bought.first_channel), ''), null) as first_channel,
        if(bought.total_orders > 0, nullIf(bought.first_country, ''), null) as first_country,
        toUInt8(bought.total_orders > 0) as has_bought,
        bought.total_orders > bought.unconverted_orders as has_worth,
        {{ reference_date() }} as as_of_date
    from told
    full join bought on told.customer_id = bought.customer_id
),

aged as (
    select
        *,
        if(isNull(birth_date) or birth_date > as_of_date, null, toNullable(toUInt16(age('year', assumeNotNull(birth_date), as_of_date)))) as age,
        if(isNull(known_since), null, greatest(0, dateDiff('day', known_since, as_of_date))) as tenure_days,
        if(has_bought = 1, dateDiff('day', last_order_date, as_of_date), null) as recency_days,
        if(has_bought = 1, toNullable(total_orders), null) as frequency,
        if(has_worth, toNullable(joined.total_revenue), null) as monetary
    from joined
),

scored as (
    select
        *,
        {%- if var("rfm_mode") == "quintiles" %}
        {{ fifth('-ifNull(recency_days, 0)', 'has_bought') }} as recency_score,
        {{ fifth('ifNull(frequency, 0)', 'has_bought') }} as frequency_score,
        {{ fifth('ifNull(monetary, 0)', 'has_bought') }} as monetary_score
        {%- else %}
        {{ score('recency_days', '<=', var('rfm_recency_days')) }} as recency_score,
        {{ score('frequency', '>=', var('rfm_frequency_orders')) }} as frequency_score,
        if(has_bought = 1, {{ score('ifNull(monetary, 0)', '>=', var('rfm_monetary')) }}, null) as monetary_score
        {%- endif %}
    from aged
),

figured as (
    select
        customer_id,
        country,
        age,
        {{ age_group('age') }} as age_group,
        created_at,
        tenure_days,
        {{ lifetime_stage('tenure_days') }} as customer_lifetime_stage,
        first_order_date,
        last_order_date,
        recency_days,
        total_orders,
        total_units,
        {{ rounded('scored.gross_revenue') }} as gross_revenue,
        {{ rounded('scored.refunded') }} as refunded,
        {{ rounded('scored.total_revenue') }} as total_revenue,
        {{ ratio_of_money('scored.total_revenue', '(total_orders - unconverted_orders)') }} as avg_order_value,
        toNullable(toUInt8(recency_score)) as recency_score,
        toNullable(toUInt8(frequency_score)) as frequency_score,
        toNullable(toUInt8(monetary_score)) as monetary_score,
        concat(toString(recency_score), toString(frequency_score), toString(monetary_score)) as rfm_score,
        {{ customer_segment('recency_score', 'frequency_score', 'monetary_score') }} as customer_segment,
        toDecimal128('{{ var("acquisition_cost") }}', 4) as acquisition_cost,
        if(has_worth, {{ rounded('scored.total_revenue') }} - toDecimal128('{{ var("acquisition_cost") }}', 4), null) as customer_lifetime_value,
        if(
            has_worth,
            {{ rounded(
                "toDecimal256(scored.total_revenue, 8) * " ~ var("predicted_days") ~ " / greatest(dateDiff('day', assumeNotNull(first_order_date), as_of_date) + 1, "
                ~ var("predicted_least_days") ~ ")"
            ) }},
            null
        ) as predicted_lifetime_value,
        toUInt32({{ var("predicted_days") }}) as predicted_days,
        first_channel,
        first_country,
        if(has_bought = 1, toNullable(toDate32(toStartOfMonth(assumeNotNull(first_order_date)))), null) as cohort_month,
        unconverted_orders,
        '{{ var("reporting_currency") }}' as reporting_currency,
        as_of_date,
        {{ built_at() }} as built_at
    from scored
)

select * from figured
