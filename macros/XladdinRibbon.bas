Attribute VB_Name = "XladdinRibbon"
Option Explicit
' The ribbon's callbacks: one entry for all buttons. What a button does is decided in Python, by its id.

Private ribbon As Object
Private watcher As XladdinEvents
Private busy As Boolean
Private made As Object

Public Sub OnLoad(loaded As IRibbonUI)
    On Error Resume Next
    Set ribbon = loaded
    Set watcher = New XladdinEvents
    Set watcher.App = Application
End Sub

Public Sub GetEnabled(control As IRibbonControl, ByRef returnedVal)
    returnedVal = CanRun(control.ID)
End Sub

Public Sub Refresh()
    ' Ask again which buttons can run: another workbook is active now.
    On Error Resume Next
    If Not ribbon Is Nothing Then ribbon.Invalidate
End Sub

Public Sub OnAction(control As IRibbonControl)
    Dim id As String, why As String
    On Error GoTo Failed
    id = control.ID
    why = Refusal(id)
    If why = "" And busy Then why = "busy"
    If why <> "" Then
        Say TextOf(why)
        Exit Sub
    End If
    busy = True
    SetCancelKey 0
    RunCommand id
Done:
    On Error Resume Next
    SetInput True
    SetCancelKey 1
    CloseUntouched
    Application.StatusBar = False
    busy = False
    Refresh
    Exit Sub
Failed:
    Say TextOf("failed")
    Resume Done
End Sub

Private Sub RunCommand(ByVal id As String)
    ' Refusal has compared the id with the table's constants: no other text can reach the command line.
    ' Python finds this Excel by a workbook window, so there must be one.
    If ActiveWorkbook Is Nothing Then
        Workbooks.Add
        Set made = ActiveWorkbook
    End If
    Application.StatusBar = TextOf("working")
    ' Nothing may be clicked or typed while Python works. It does not end by itself: OnAction ends it, and Python too.
    SetInput False
    RunPython "from xladdin.excel import bridge; bridge.run('" & id & "')"
End Sub

Private Sub CloseUntouched()
    ' The workbook made for the window's sake, unless something was put into it.
    On Error Resume Next
    If made Is Nothing Then Exit Sub
    If made.Path = "" And made.Saved Then made.Close False
    Set made = Nothing
End Sub

Private Sub SetInput(ByVal taken As Boolean)
    On Error Resume Next
    Application.Interactive = taken
End Sub

Private Sub SetCancelKey(ByVal mode As Long)
    ' 0 is xlDisabled, 1 xlInterrupt. Python asks for Esc itself (host.py); here it would break off the waiting for
    ' Python and offer to debug.
    On Error Resume Next
    Application.EnableCancelKey = mode
End Sub
