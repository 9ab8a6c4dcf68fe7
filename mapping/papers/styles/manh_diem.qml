<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Labeling">
  <renderer-v2 type="categorizedSymbol" attr="ket_qua">
    <categories>
      <category render="true" symbol="0" value="conflict" label="Chồng lấn, không được phép"/>
      <category render="true" symbol="1" value="condition" label="Có điều kiện"/>
      <category render="true" symbol="2" value="advice" label="Lưu ý"/>
      <category render="true" symbol="3" value="contact" label="Giáp ranh (trong sai số)"/>
      <category render="true" symbol="4" value="not_computable" label="Chưa tính được"/>
      <category render="true" symbol="5" value="" label="Khác"/>
    </categories>
    <symbols>
      <symbol type="marker" name="0"><layer class="SimpleMarker"><prop k="color" v="168,18,58,255"/><prop k="size" v="2.4"/></layer></symbol>
      <symbol type="marker" name="1"><layer class="SimpleMarker"><prop k="color" v="138,82,0,255"/><prop k="size" v="2.4"/></layer></symbol>
      <symbol type="marker" name="2"><layer class="SimpleMarker"><prop k="color" v="27,91,166,255"/><prop k="size" v="2.4"/></layer></symbol>
      <symbol type="marker" name="3"><layer class="SimpleMarker"><prop k="color" v="92,74,125,255"/><prop k="size" v="2.4"/></layer></symbol>
      <symbol type="marker" name="4"><layer class="SimpleMarker"><prop k="color" v="88,92,97,255"/><prop k="size" v="2.4"/></layer></symbol>
      <symbol type="marker" name="5"><layer class="SimpleMarker"><prop k="color" v="88,92,97,255"/><prop k="size" v="2.4"/></layer></symbol>
    </symbols>
  </renderer-v2>
</qgis>
