-- Generic test: no two rows agree in all of the columns.
{% test unique_together(model, columns) %}

select {{ columns | join(', ') }}, count() as rows
from {{ model }}
group by {{ columns | join(', ') }}
having rows > 1

{% endtest %}
