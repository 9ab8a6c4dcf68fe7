<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology|Labeling" labelsEnabled="1">
  <renderer-v2 type="singleSymbol">
    <symbols>
      <symbol type="marker" name="0" alpha="1">
        <layer class="SimpleMarker">
          <prop k="name" v="circle"/>
          <prop k="color" v="255,255,255,255"/>
          <prop k="outline_color" v="160,30,30,255"/>
          <prop k="size" v="1.8"/>
        </layer>
      </symbol>
    </symbols>
  </renderer-v2>
  <labeling type="simple">
    <settings>
      <text-style fieldName="diem" fontSize="8" textColor="60,20,20,255"/>
    </settings>
  </labeling>
</qgis>
