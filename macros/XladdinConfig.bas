Attribute VB_Name = "XladdinConfig"
Option Explicit
' Stands in for the configuration and the error box of xlwings: settings come from the add-in's own folder only,
' never from a workbook, the folder it lies in, or the user's profile.

Public Function GetConfig(ByVal key As String, Optional ByVal default As String = "") As Variant
    Dim path As String, field As String, value As String, channel As Integer
    GetConfig = default
    ' In a folder of its own: Excel opens whatever lies in XLSTART itself.
    path = ThisWorkbook.Path & "\xladdin\xladdin.conf"
    If Not FileExists(path) Then Exit Function
    channel = FreeFile
    Open path For Input As #channel
    Do While Not EOF(channel)
        Input #channel, field, value
        If UCase$(field) = UCase$(key) Then
            GetConfig = CreateObject("WScript.Shell").ExpandEnvironmentStrings(value)
            Exit Do
        End If
    Loop
    Close #channel
End Function

Public Sub ShowError(ByVal logFile As String)
    ' Python ended badly, or is not there: one sentence and the log, never a traceback.
    If logFile = "" Then
        Say TextOf("not_installed")
    Else
        Say TextOf("not_started") & vbCrLf & logFile
    End If
End Sub
