<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Labeling">
  <renderer-v2 type="categorizedSymbol" attr="ma_su_dung">
    <categories>
      <category render="true" symbol="0" value="factory" label="Nhà máy, kho tàng"/>
      <category render="true" symbol="1" value="craft_factory" label="Cơ sở làng nghề"/>
      <category render="true" symbol="2" value="road" label="Giao thông"/>
      <category render="true" symbol="3" value="green" label="Cây xanh, mặt nước"/>
      <category render="true" symbol="4" value="technical" label="Hạ tầng kỹ thuật"/>
      <category render="true" symbol="5" value="service" label="Hành chính, dịch vụ"/>
      <category render="true" symbol="6" value="" label="Khác"/>
    </categories>
    <symbols>
      <symbol type="fill" name="0"><layer class="SimpleFill"><prop k="color" v="250,170,160,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="1"><layer class="SimpleFill"><prop k="color" v="245,200,150,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="2"><layer class="SimpleFill"><prop k="color" v="255,170,50,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="3"><layer class="SimpleFill"><prop k="color" v="110,200,100,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="4"><layer class="SimpleFill"><prop k="color" v="200,160,220,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="5"><layer class="SimpleFill"><prop k="color" v="255,208,255,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
      <symbol type="fill" name="6"><layer class="SimpleFill"><prop k="color" v="210,210,210,140"/><prop k="outline_color" v="90,60,60,255"/></layer></symbol>
    </symbols>
  </renderer-v2>
</qgis>
