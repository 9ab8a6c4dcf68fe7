"""Keep screenings of the province and searches for sites."""

import django.contrib.postgres.indexes
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import layers.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('layers', '0005_edition_lines'),
        ('proposals', '0004_sweep_stamp'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CandidateSite',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('geom', layers.fields.StorageGeometryField(geom_type='MULTIPOLYGON', spatial_index=False)),
                ('geom_hash', models.CharField(max_length=64, verbose_name='SHA-256 of the geometry')),
                ('area_m2', models.FloatField(verbose_name='area, m²')),
                ('verdict', models.CharField(max_length=20, verbose_name='verdict')),
                ('measures', models.JSONField(default=dict, verbose_name='figures')),
                ('findings', models.JSONField(default=list, verbose_name='findings')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='layers.adminunit')),
            ],
            options={
                'verbose_name': 'candidate site',
                'verbose_name_plural': 'candidate sites',
                'ordering': ['search', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shape', models.CharField(choices=[('hexagon', 'hexagons'), ('square', 'squares')], max_length=8, verbose_name='cell shape')),
                ('cell_ha', models.FloatField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(25)], verbose_name='cell size, ha')),
                ('basis', models.JSONField(verbose_name='basis')),
                ('asked', models.JSONField(verbose_name='basis by row number')),
                ('rules', models.JSONField(default=list, verbose_name='rules asked')),
                ('unused', models.JSONField(default=list, verbose_name='rules not asked')),
                ('engine', models.JSONField(default=dict, verbose_name='engine')),
                ('counts', models.JSONField(default=dict, verbose_name='cells by class')),
                ('errors', models.JSONField(default=dict, verbose_name='raster against engine')),
                ('exact_round', models.PositiveIntegerField(default=0, verbose_name='times that cells were answered exactly')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='layers.batch')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'province screening',
                'verbose_name_plural': 'province screenings',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='ScreeningCell',
            fields=[
                ('pk', models.CompositePrimaryKey('screening_id', 'i', 'j', blank=True, editable=False, primary_key=True, serialize=False)),
                ('i', models.IntegerField()),
                ('j', models.IntegerField()),
                ('code', models.SmallIntegerField(verbose_name='class')),
                ('score', models.SmallIntegerField(verbose_name='score')),
                ('shares', models.BinaryField(default=bytes, verbose_name='shares by rule')),
                ('exact', models.BooleanField(default=False, verbose_name='answered by the exact engine')),
                ('screening', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='cells', to='proposals.screening')),
            ],
            options={
                'verbose_name': 'screened cell',
                'verbose_name_plural': 'screened cells',
            },
        ),
        migrations.CreateModel(
            name='ScreeningSum',
            fields=[
                ('pk', models.CompositePrimaryKey('screening_id', 'level', 'i', 'j', 'block', blank=True, editable=False, primary_key=True, serialize=False)),
                ('level', models.SmallIntegerField(verbose_name='level')),
                ('i', models.IntegerField()),
                ('j', models.IntegerField()),
                ('block', models.IntegerField(verbose_name='block')),
                ('n0', models.IntegerField()),
                ('n1', models.IntegerField()),
                ('n2', models.IntegerField()),
                ('n3', models.IntegerField()),
                ('n4', models.IntegerField()),
                ('n5', models.IntegerField()),
                ('score', models.IntegerField()),
                ('screening', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='sums', to='proposals.screening')),
            ],
            options={
                'verbose_name': 'sum of screened cells',
                'verbose_name_plural': 'sums of screened cells',
            },
        ),
        migrations.CreateModel(
            name='SiteOpening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('candidate', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='opening', to='proposals.candidatesite')),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='site', to='proposals.proposal')),
            ],
            options={
                'verbose_name': 'opened site',
                'verbose_name_plural': 'opened sites',
            },
        ),
        migrations.CreateModel(
            name='SiteSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, max_length=160, verbose_name='title')),
                ('wishes', models.JSONField(verbose_name='wishes')),
                ('weights', models.JSONField(default=dict, verbose_name='weights')),
                ('basis', models.JSONField(verbose_name='basis')),
                ('asked', models.JSONField(verbose_name='basis by row number')),
                ('engine', models.JSONField(default=dict, verbose_name='engine')),
                ('funnel', models.JSONField(default=list, verbose_name='hectares by criterion')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created at')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='layers.batch')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'site search',
                'verbose_name_plural': 'site searches',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='candidatesite',
            name='search',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='candidates', to='proposals.sitesearch'),
        ),
        migrations.AddIndex(
            model_name='candidatesite',
            index=django.contrib.postgres.indexes.GistIndex(fields=['geom'], name='candidate_geom_gist'),
        ),
        migrations.AddConstraint(
            model_name='candidatesite',
            constraint=models.UniqueConstraint(fields=('search', 'number'), name='candidate_number_once'),
        ),
        # what was found and what was opened happened; see proposals/sql/append_only_tables.sql
        migrations.RunSQL(
            "SELECT append_only_close('proposals_candidatesite'), append_only_close('proposals_siteopening')",
            migrations.RunSQL.noop,
        ),
    ]
