using System.Globalization;
using CsvHelper;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Imports;

/// <summary>A row of a file in terms of our fields. What cannot be read is noted, the first fault of a row counts.</summary>
public sealed class ImportRow(long line, IReadOnlyDictionary<string, string> cells, ImportMapping mapping, IReadOnlyList<string>? raw = null)
{
    /// <summary>The cells as they stand in the file.</summary>
    public IReadOnlyList<string> Raw => raw ?? [];

    /// <summary>Line of the file.</summary>
    public long Line => line;

    /// <summary>The fault of the row, or null.</summary>
    public RefusedRow? Fault { get; private set; }

    /// <summary>Whether the file says anything of a field.</summary>
    public bool Has(string field) => cells.ContainsKey(field);

    /// <summary>Notes a fault.</summary>
    public void Refuse(string field, string code, string reason) => Fault ??= new RefusedRow(line, field, code, reason);

    /// <summary>Notes a refusal of one of the fields, if there is one.</summary>
    public void Refuse(string field, Refusal? refusal)
    {
        if (refusal is not null) Refuse(field, refusal.Code, refusal.Message);
    }

    /// <summary>A text; null when it is empty or not given.</summary>
    public string? Text(string field) => cells.TryGetValue(field, out var text) && text.Length > 0 ? text : null;

    /// <summary>A text that must be there.</summary>
    public string Required(string field)
    {
        if (Text(field) is { } text) return text;
        Refuse(field, "IMPORT_CELL_EMPTY", "The cell is empty.");
        return "";
    }

    /// <summary>A decimal in millionths, or null.</summary>
    public long? Millionths(string field)
    {
        if (Text(field) is not { } text) return null;
        var plain = mapping.DecimalSeparator == "," ? text.Contains('.', StringComparison.Ordinal) ? "" : text.Replace(',', '.') : text;
        if (DecimalText.TryParse(plain, 6, out var value)) return value;
        Refuse(field, "IMPORT_NUMBER_INVALID", $"'{text}' is no decimal with at most 6 decimals, without thousands.");
        return null;
    }

    /// <summary>A day, or null.</summary>
    public DateOnly? Date(string field)
    {
        if (Text(field) is not { } text) return null;
        if (DateOnly.TryParseExact(text, mapping.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)) return day;
        Refuse(field, "IMPORT_DATE_INVALID", $"'{text}' is no day of the form {mapping.DateFormat}.");
        return null;
    }

    /// <summary>A day with a time of the clock on the wall, or null.</summary>
    public DateTime? Moment(string field)
    {
        if (Text(field) is not { } text) return null;
        if (DateTime.TryParseExact(text, mapping.DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment)) return moment;
        Refuse(field, "IMPORT_DATE_INVALID", $"'{text}' is no moment of the form {mapping.DateFormat}.");
        return null;
    }

    /// <summary>Yes or no, or null.</summary>
    public bool? Bool(string field)
    {
        if (Text(field) is not { } text) return null;
        switch (text.ToLowerInvariant())
        {
            case "yes" or "true" or "1" or "y": return true;
            case "no" or "false" or "0" or "n": return false;
            default:
                Refuse(field, "IMPORT_CHOICE_INVALID", $"'{text}' is neither yes nor no.");
                return null;
        }
    }

    /// <summary>A member of an enumeration by its word, or null.</summary>
    public T? Word<T>(string field)
        where T : struct, Enum
    {
        if (Text(field) is not { } text) return null;
        if (Words.TryRead<T>(text.ToLowerInvariant(), out var value)) return value;
        Refuse(field, "IMPORT_CHOICE_INVALID", $"'{text}' is none of {string.Join(", ", Enum.GetValues<T>().Select(known => known.Word()))}.");
        return null;
    }

    /// <summary>Several texts in one cell, separated by bars, commas or semicolons.</summary>
    public IReadOnlyList<string>? List(string field) => !Has(field) ? null
        : [.. (Text(field) ?? "").Split(['|', ',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}

/// <summary>Reads the rows of a file one after the other.</summary>
public static class ImportFile
{
    /// <summary>Opens a file and checks its heading. UTF-8 unless a mark at the beginning says otherwise.</summary>
    /// <param name="file">The file, from its beginning.</param>
    /// <param name="mapping">The mapping; null for one in which the fields stand under their own names.</param>
    /// <param name="fields">The fields of the kind.</param>
    /// <returns>Refused with <c>IMPORT_EMPTY</c>, <c>IMPORT_MAPPING_INVALID</c>, <c>IMPORT_COLUMN_MISSING</c>.</returns>
    public static async Task<Result<IAsyncEnumerable<ImportRow>>> Open(Stream file, ImportMapping? mapping, IReadOnlyList<ImportField> fields)
    {
        var used = mapping ?? ImportMapping.Plain(fields);
        if (used.Delimiter is { Length: not 1 }) return ImportRefusals.MappingInvalid("delimiter is one character.");
        var broken = new HashSet<long>();
        var reader = CsvReader.Create(file, new CsvReaderOptions
        {
            Separator = used.Delimiter?[0],
            TrimWhitespace = true,
            TrimInsideQuotes = true,
            TrackLineNumbers = true,
            // A quotation mark that is never closed spoils its own row, not the rest of the file.
            AllowLineBreaksInQuotes = false,
            OnMalformedRecord = record => broken.Add(record.LineNumber),
        }, leaveOpen: true);
        await reader.ReadHeaderAsync();
        var headings = reader.Headers.ToArray();
        if (headings.Length == 0)
        {
            reader.Dispose();
            return ImportRefusals.Empty;
        }

        if (used.Check(fields, headings, lenient: mapping is null) is { IsRefused: true } unfit)
        {
            reader.Dispose();
            return unfit.Refusal;
        }

        return Result.Of(Rows(reader, used, headings, broken));
    }

    /// <summary>The headings of a file and its first rows, to choose columns by.</summary>
    /// <returns>Refused with <c>IMPORT_EMPTY</c>.</returns>
    public static async Task<Result<ImportLook>> Look(Stream file, char? delimiter, int rows)
    {
        using var reader = CsvReader.Create(file, new CsvReaderOptions { Separator = delimiter, TrimWhitespace = true, TrimInsideQuotes = true, AllowLineBreaksInQuotes = false }, leaveOpen: true);
        await reader.ReadHeaderAsync();
        var headings = reader.Headers.ToList();
        if (headings.Count == 0) return ImportRefusals.Empty;
        var samples = new List<IReadOnlyList<string>>();
        while (samples.Count < rows && await reader.ReadAsync()) samples.Add([.. Enumerable.Range(0, headings.Count).Select(at => at < reader.FieldCount ? reader.GetString(at) : "")]);
        return new ImportLook(headings, samples);
    }

    private static async IAsyncEnumerable<ImportRow> Rows(CsvReader reader, ImportMapping mapping, string[] headings, HashSet<long> broken)
    {
        using (reader)
        {
            var columns = mapping.Columns.Select(pair => (Field: pair.Key, At: Array.IndexOf(headings, pair.Value))).Where(pair => pair.At >= 0).ToArray();
            while (await reader.ReadAsync())
            {
                var cells = new Dictionary<string, string>(mapping.Constants ?? new Dictionary<string, string>(), StringComparer.Ordinal);
                foreach (var (field, at) in columns) cells[field] = at < reader.FieldCount ? reader.GetString(at) : "";
                if (columns.All(column => cells[column.Field].Length == 0)) continue;
                foreach (var (field, value) in mapping.Defaults ?? new Dictionary<string, string>())
                    if (!cells.TryGetValue(field, out var cell) || cell.Length == 0) cells[field] = value;
                var row = new ImportRow(reader.LineNumber, cells, mapping, [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
                if (broken.Contains(reader.LineNumber) || reader.FieldCount > headings.Length)
                    row.Refuse("", "IMPORT_ROW_BROKEN", "A quotation mark is missing, or the row has more cells than the heading.");
                foreach (var (field, cell) in cells)
                    if (cell.Any(char.IsControl)) row.Refuse(field, "IMPORT_TEXT_INVALID", "The cell has control characters or line breaks.");
                yield return row;
            }
        }
    }
}

/// <summary>What a file looks like.</summary>
/// <param name="Headings">Its headings.</param>
/// <param name="Samples">The cells of its first rows.</param>
public sealed record ImportLook(IReadOnlyList<string> Headings, IReadOnlyList<IReadOnlyList<string>> Samples);
