Attribute VB_Name = "XladdinPython"
Option Explicit
' Starts Python itself, without cmd.exe: locked-down networks forbid that to Excel, and a cmd.exe switched off by policy
' would wait for a key in a window nobody sees. Which Python it is stands in the add-in's own folder only, never in a
' workbook, the folder it lies in, the user's profile or a variable. All of it is Unicode, whatever the code page.

Private starter As Object

Public Function Host() As Object
    If starter Is Nothing Then Set starter = CreateObject("WScript.Shell")
    Set Host = starter
End Function

Public Sub RunPython(ByVal code As String)
    ' Runs code and waits. pythonw.exe has no console and nowhere to write to: what goes wrong before our own Python
    ' is reached stands in the log.
    Dim files As Object, python As String, logFile As String, before As String, ended As Long
    Set files = CreateObject("Scripting.FileSystemObject")
    python = Setting("PYTHON")
    If Not files.FileExists(python) Then
        Say TextOf("not_installed")
        Exit Sub
    End If
    logFile = files.BuildPath(files.GetSpecialFolder(2), "xladdin-" & Replace(files.GetTempName, ".tmp", ".log"))
    before = Host.CurrentDirectory
    Host.CurrentDirectory = files.GetParentFolderName(python)
    ended = Host.Run(CommandLine(python, code, logFile), 1, True)
    On Error Resume Next
    Host.CurrentDirectory = before
    If ended = 0 Then
        files.DeleteFile logFile
    ElseIf files.FileExists(logFile) Then
        Say TextOf("not_started") & vbCrLf & logFile
    Else
        Say TextOf("not_run")
    End If
End Sub

Private Function CommandLine(ByVal python As String, ByVal code As String, ByVal logFile As String) As String
    ' -E, -P: isolated from PYTHON* variables and from the current folder. Nothing of a workbook is in it.
    Dim opened As String
    opened = "import sys; sys.stderr = open(sys.argv[1], 'w', 1, 'utf-8'); "
    CommandLine = Quoted(python) & " -E -P -X utf8 -B -c " & Quoted(opened & code) & " " & Quoted(logFile) & _
        " --addin=" & ADDIN_VERSION & " --hwnd=" & Application.Hwnd
End Function

Private Function Quoted(ByVal text As String) As String
    Quoted = Chr$(34) & text & Chr$(34)
End Function

Public Function Setting(ByVal key As String) As String
    ' A line KEY=value of the settings, which are UTF-16; empty where there is none. They have a folder of their own:
    ' Excel opens whatever lies in XLSTART itself.
    Dim files As Object, lines As Object, path As String, row As String
    Set files = CreateObject("Scripting.FileSystemObject")
    path = ThisWorkbook.Path & "\xladdin\xladdin.conf"
    If Not files.FileExists(path) Then Exit Function
    Set lines = files.OpenTextFile(path, 1, False, -1)
    Do While Not lines.AtEndOfStream
        row = lines.ReadLine
        If Left$(row, Len(key) + 1) = key & "=" Then Setting = Mid$(row, Len(key) + 2)
    Loop
    lines.Close
End Function
