<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Labeling">
  <renderer-v2 type="singleSymbol">
    <symbols>
      <symbol type="line" name="0"><layer class="SimpleLine"><prop k="line_color" v="29,35,33,255"/><prop k="line_width" v="0.3"/><prop k="line_style" v="dash"/></layer></symbol>
    </symbols>
  </renderer-v2>
</qgis>
