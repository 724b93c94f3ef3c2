using System.Runtime.InteropServices;
using System.Text;
using SQLitePCL;

namespace Klock.Storage.Sqlite.Database;

/// <summary>A statement's current row, read column by column.</summary>
/// <remarks>
/// It calls SQLite directly: a process that opens a store reads a dozen columns of every lease there, and SQLitePCLRaw, which guards
/// the statement anew for each, takes ten times as long. The statement must outlive this. Each call reads a value that is in memory
/// already, so none lasts long enough to delay a garbage collection.
/// </remarks>
internal readonly unsafe partial struct Row(nint statement)
{
    public long Long(int column) => ColumnLong(statement, column);

    public bool IsNull(int column) => ColumnType(statement, column) == raw.SQLITE_NULL;

    public string Text(int column, string likely)
    {
        // In this order: the text may be converted first, which changes its length.
        byte* text = ColumnText(statement, column);
        ReadOnlySpan<byte> utf8 = new(text, ColumnBytes(statement, column));
        return Ascii.Equals(utf8, likely) ? likely : Encoding.UTF8.GetString(utf8);
    }

    public ReadOnlySpan<byte> Blob(int column)
    {
        byte* bytes = ColumnBlob(statement, column);
        return new ReadOnlySpan<byte>(bytes, ColumnBytes(statement, column));
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_column_int64"), SuppressGCTransition]
    private static partial long ColumnLong(nint statement, int column);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_column_type"), SuppressGCTransition]
    private static partial int ColumnType(nint statement, int column);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_column_bytes"), SuppressGCTransition]
    private static partial int ColumnBytes(nint statement, int column);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_column_text"), SuppressGCTransition]
    private static partial byte* ColumnText(nint statement, int column);

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_column_blob"), SuppressGCTransition]
    private static partial byte* ColumnBlob(nint statement, int column);
}
