"""Questions answered inside the office: each is one call, where an object brought over the bridge costs ten or more."""

from __future__ import annotations

_LIBRARY, _MODULE = "XlInside", "Answers"
_CELLS = "ByVal s, ByVal t, ByVal l, ByVal b, ByVal r"  # sheet, and its corners counted from 0

_SOURCE = f"""
Function Cells({_CELLS})
  Cells = s.getCellRangeByPosition(l, t, r, b)
End Function

Function Imitation({_CELLS})
  Imitation = GetProcessServiceManager().createInstanceWithArguments( _
    "ooo.vba.excel.Range", Array(Null, Cells(s, t, l, b, r)))
End Function

Function Got({_CELLS}, ByVal name)
  Got = Cells(s, t, l, b, r).getPropertyValue(name)
End Function

Sub Put({_CELLS}, ByVal names, ByVal value)
  Dim c, n
  c = Cells(s, t, l, b, r)
  For Each n In names
    c.setPropertyValue(n, value)
  Next
End Sub

Function Size({_CELLS})
  Dim z
  z = Cells(s, t, l, b, r).Size
  Size = Array(z.Width, z.Height)
End Function

Function Shown({_CELLS}, ByVal rows)
  If rows Then Shown = Cells(s, t, l, b, r).Rows.IsVisible Else Shown = Cells(s, t, l, b, r).Columns.IsVisible
End Function

Sub Show({_CELLS}, ByVal rows, ByVal yes, ByVal length)
  Dim lines
  If rows Then lines = Cells(s, t, l, b, r).Rows Else lines = Cells(s, t, l, b, r).Columns
  lines.IsVisible = yes
  If length > 0 And rows Then lines.Height = length
  If length > 0 And Not rows Then lines.Width = length
End Sub

Function ColumnWidth({_CELLS})
  If Cells(s, t, l, b, r).Columns.IsVisible Then ColumnWidth = Imitation(s, t, l, b, r).ColumnWidth Else ColumnWidth = 0
End Function

Function RowHeight({_CELLS})
  RowHeight = Imitation(s, t, l, b, r).RowHeight
End Function

Function MergeCells({_CELLS})
  MergeCells = Imitation(s, t, l, b, r).MergeCells
End Function

Function MergeArea({_CELLS})
  Dim c
  c = s.createCursorByRange(s.getCellRangeByPosition(l, t, l, t))
  c.collapseToMergedArea()
  MergeArea = Corners(c.RangeAddress)
End Function

Function Used(ByVal s)
  Dim c
  c = s.createCursor()
  c.gotoStartOfUsedArea(False)
  c.gotoEndOfUsedArea(True)
  Used = Corners(c.RangeAddress)
End Function

Function Corners(a)
  Corners = Array(a.StartRow, a.StartColumn, a.EndRow, a.EndColumn)
End Function

Function FormulaCells({_CELLS})
  Dim areas, n, found
  areas = Cells(s, t, l, b, r).queryContentCells(16).RangeAddresses
  found = Array()
  If UBound(areas) >= 0 Then ReDim found(UBound(areas))
  For n = 0 To UBound(areas)
    found(n) = Corners(areas(n))
  Next
  FormulaCells = found
End Function

Function IsMixed({_CELLS}, ByVal name)
  IsMixed = (Cells(s, t, l, b, r).getPropertyState(name) = com.sun.star.beans.PropertyState.AMBIGUOUS_VALUE)
End Function

Function Format({_CELLS}, ByVal document)
  If IsMixed(s, t, l, b, r, "NumberFormat") Then
    Format = ""
  Else
    Format = document.NumberFormats.getByKey(Cells(s, t, l, b, r).NumberFormat).FormatString
  End If
End Function

Function Kinds({_CELLS}, ByVal document)
  Dim groups, group, areas, m, n, count, kind, found
  If Not IsMixed(s, t, l, b, r, "NumberFormat") Then
    Kinds = Array(document.NumberFormats.getByKey(Cells(s, t, l, b, r).NumberFormat).Type)
    Exit Function
  End If
  ReDim found(0)
  groups = Cells(s, t, l, b, r).UniqueCellFormatRanges
  For n = 0 To groups.Count - 1
    group = groups.getByIndex(n)
    kind = document.NumberFormats.getByKey(group.NumberFormat).Type
    areas = group.RangeAddresses
    For m = 0 To UBound(areas)
      count = count + 1
      ReDim Preserve found(count)
      found(count) = Array(kind, Corners(areas(m)))
    Next
  Next
  Kinds = found
End Function

Sub Activate(ByVal document)
  document.CurrentController.Frame.activate()
End Sub

Function ActiveSheet(ByVal document)
  ActiveSheet = document.CurrentController.ActiveSheet.Name
End Function

Sub ActivateSheet(ByVal document, ByVal s)
  document.CurrentController.setActiveSheet(s)
End Sub

Sub Choose({_CELLS}, ByVal document)
  document.CurrentController.select(Cells(s, t, l, b, r))
End Sub

Sub RestoreAsianFonts(ByVal document)
  Dim m, n, groups, group
  For m = 0 To document.Sheets.Count - 1
    groups = document.Sheets.getByIndex(m).UniqueCellFormatRanges
    For n = 0 To groups.Count - 1
      group = groups.getByIndex(n)
      If group.CharFontNameAsian <> group.CharFontName Then group.CharFontNameAsian = group.CharFontName
    Next
  Next
End Sub

Function NoteText(ByVal s, ByVal row, ByVal column)
  Dim note
  note = s.getCellByPosition(column, row).Annotation
  If note.getString() <> "" Or note.Author <> "" Then NoteText = note.getString() Else NoteText = Empty
End Function

Sub SetNote(ByVal s, ByVal row, ByVal column, ByVal text)
  s.getCellByPosition(column, row).Annotation.setString(text)
End Sub

Function NotePlaces(ByVal s)
  Dim n, notes, place, found
  notes = s.Annotations
  found = Array()
  If notes.Count > 0 Then ReDim found(notes.Count - 1)
  For n = 0 To notes.Count - 1
    place = notes.getByIndex(n).Position
    found(n) = Array(place.Row, place.Column)
  Next
  NotePlaces = found
End Function

Sub AddNote(ByVal s, ByVal row, ByVal column, ByVal text)
  s.Annotations.insertNew(s.getCellByPosition(column, row).CellAddress, text)
End Sub

Sub DeleteNote(ByVal s, ByVal row, ByVal column)
  Dim n, notes, place
  notes = s.Annotations
  For n = 0 To notes.Count - 1
    place = notes.getByIndex(n).Position
    If place.Row = row And place.Column = column Then
      notes.removeByIndex(n)
      Exit Sub
    End If
  Next
End Sub

Function NoteBox(ByVal s, ByVal row, ByVal column)
  Dim z
  z = s.getCellByPosition(column, row).Annotation.AnnotationShape.Size
  NoteBox = Array(z.Width, z.Height)
End Function

Sub SetNoteBox(ByVal s, ByVal row, ByVal column, ByVal width, ByVal height)
  Dim z As New com.sun.star.awt.Size
  z.Width = width
  z.Height = height
  s.getCellByPosition(column, row).Annotation.AnnotationShape.setSize(z)
End Sub

Sub AddLink(ByVal s, ByVal row, ByVal column, ByVal document, ByVal url, ByVal text, ByVal colour)
  Dim field, cell
  cell = s.getCellByPosition(column, row)
  field = document.createInstance("com.sun.star.text.TextField.URL")
  field.URL = url
  field.Representation = text
  If text = "" Then field.Representation = cell.getString()
  If field.Representation = "" Then field.Representation = url
  cell.setString("")
  cell.insertTextContent(cell.createTextCursor(), field, False)
  cell.CharColor = colour
  cell.CharUnderline = 1
End Sub
"""


class Inside:
    """inside("Name", ...): what the function of that name says."""

    def __init__(self, office):
        container = office.create("com.sun.star.script.ApplicationScriptLibraryContainer")
        container.createLibrary(_LIBRARY).insertByName(_MODULE, _SOURCE)
        container.loadLibrary(_LIBRARY)
        factory = office.create("com.sun.star.script.provider.MasterScriptProviderFactory")
        self._provider, self._scripts = factory.createScriptProvider(""), {}

    def __call__(self, name: str, *given):
        if name not in self._scripts:
            place = f"{_LIBRARY}.{_MODULE}.{name}?language=Basic&location=application"
            self._scripts[name] = self._provider.getScript(f"vnd.sun.star.script:{place}")
        return self._scripts[name].invoke(given, (), ())[0]
