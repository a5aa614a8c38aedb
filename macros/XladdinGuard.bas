Attribute VB_Name = "XladdinGuard"
Option Explicit
' What has to hold before a command may start. Nothing of a workbook but its state and sheet names is looked at.

Public Function Refusal(ByVal id As String) As String
    ' The message that says why the command cannot run now; empty when it can.
    Dim needs As String
    needs = NeedsOf(id)
    If needs = "" Then
        Refusal = "unknown"
    ElseIf IsEditing() Then
        Refusal = "editing"
    ElseIf needs <> "nothing" And InProtectedView() Then
        Refusal = "protected_view"
    ElseIf ActiveWorkbook Is Nothing Then
        If needs <> "nothing" Then Refusal = "no_book"
    ElseIf HasConfigSheet(ActiveWorkbook) Then
        Refusal = "config_sheet"
    ElseIf needs = "editable" Then
        If ActiveWorkbook.ReadOnly Then
            Refusal = "read_only"
        ElseIf SheetIsProtected() Then
            Refusal = "sheet_protected"
        End If
    End If
End Function

Public Function CanRun(ByVal id As String) As Boolean
    ' For greying a button; in doubt it stays on, and Refusal says on the click what is missing.
    Dim needs As String
    CanRun = True
    On Error GoTo InDoubt
    needs = NeedsOf(id)
    If needs <> "book" And needs <> "editable" Then Exit Function
    If ActiveWorkbook Is Nothing Or InProtectedView() Then
        CanRun = False
    ElseIf needs = "editable" Then
        CanRun = Not ActiveWorkbook.ReadOnly
    End If
    Exit Function
InDoubt:
    CanRun = True
End Function

Public Sub Say(ByVal message As String)
    ' In Unicode and in front of Excel; VBA's own box, of the code page, only where Windows denies the other.
    On Error GoTo Denied
    Host.Popup message, 0, TextOf("title"), vbInformation + vbSystemModal
    Exit Sub
Denied:
    MsgBox message, vbInformation, TextOf("title")
End Sub

Private Function IsEditing() As Boolean
    ' A cell being edited, or a dialog open: Excel would keep Python waiting.
    Dim free As Boolean
    free = True
    On Error Resume Next
    free = Application.Ready
    If free Then free = Application.Interactive
    IsEditing = Not free
End Function

Private Function InProtectedView() As Boolean
    Dim shown As Object
    On Error Resume Next
    Set shown = Application.ActiveProtectedViewWindow
    InProtectedView = Not shown Is Nothing
End Function

Private Function HasConfigSheet(ByVal book As Object) As Boolean
    ' A workbook that carries settings for an add-in is refused; they would not be read either.
    Dim sheet As Object
    For Each sheet In book.Sheets
        Select Case LCase$(sheet.Name)
            Case "xladdin.conf", "xlwings.conf"
                HasConfigSheet = True
                Exit Function
        End Select
    Next
End Function

Private Function SheetIsProtected() As Boolean
    On Error Resume Next
    SheetIsProtected = ActiveSheet.ProtectContents
End Function
