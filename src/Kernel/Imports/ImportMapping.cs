using System.Text.Json;
using Plug1.Kernel.MasterData;

namespace Plug1.Kernel.Imports;

/// <summary>Says which column of a file is which of our fields; kept as a JSON file beside the data.</summary>
/// <example><code>{"columns":{"sku":"Article","name":"Text"},"constants":{"unit":"EA"},"defaults":{"kind":"goods"},"decimalSeparator":","}</code></example>
/// <param name="Columns">Our field and the heading of its column. A field that is not named here, in constants or in defaults is not touched.</param>
/// <param name="Constants">Fields that have one value in every row.</param>
/// <param name="Defaults">What a field is when its cell is empty.</param>
/// <param name="Delimiter">What stands between cells; found out when it is left out.</param>
/// <param name="DecimalSeparator">A point or a comma.</param>
/// <param name="DateFormat">Form of dates, such as <c>dd.MM.yyyy</c>.</param>
public sealed record ImportMapping(
    IReadOnlyDictionary<string, string> Columns, IReadOnlyDictionary<string, string>? Constants = null, IReadOnlyDictionary<string, string>? Defaults = null,
    string? Delimiter = null, string DecimalSeparator = ".", string DateFormat = "yyyy-MM-dd")
{
    /// <summary>Reads a mapping file. Refused with <c>IMPORT_MAPPING_INVALID</c>.</summary>
    public static Result<ImportMapping> Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ImportMapping>(json, MasterJson.Strict) is { } mapping ? mapping : ImportRefusals.MappingInvalid("it is empty.");
        }
        catch (JsonException failure)
        {
            return ImportRefusals.MappingInvalid($"it cannot be read at {failure.Path ?? "its beginning"}.");
        }
    }

    /// <summary>A mapping in which every field of a kind stands under its own name.</summary>
    public static ImportMapping Plain(IEnumerable<ImportField> fields) => new(fields.ToDictionary(field => field.Name, field => field.Name, StringComparer.Ordinal));

    /// <summary>Whether the mapping fits fields and headings. Refused with <c>IMPORT_MAPPING_INVALID</c> or <c>IMPORT_COLUMN_MISSING</c>.</summary>
    public Result Check(IReadOnlyList<ImportField> fields, IReadOnlyCollection<string> headings, bool lenient)
    {
        var names = fields.Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var name in Columns.Keys.Concat(Constants?.Keys ?? []).Concat(Defaults?.Keys ?? []))
            if (!names.Contains(name)) return ImportRefusals.MappingInvalid($"there is no field '{name}'; the fields are {string.Join(", ", names)}.");
        if (DecimalSeparator is not ("." or ",")) return ImportRefusals.MappingInvalid("decimalSeparator is a point or a comma.");
        if (!lenient)
        {
            foreach (var (field, heading) in Columns)
                if (!headings.Contains(heading)) return ImportRefusals.ColumnMissing(field, heading);
        }

        foreach (var field in fields.Where(field => field.Required))
        {
            var given = (Columns.TryGetValue(field.Name, out var heading) && headings.Contains(heading)) || Constants?.ContainsKey(field.Name) == true || Defaults?.ContainsKey(field.Name) == true;
            if (!given) return ImportRefusals.ColumnMissing(field.Name, Columns.GetValueOrDefault(field.Name, field.Name));
        }

        return Result.Done;
    }
}

/// <summary>A field that an import knows.</summary>
/// <param name="Name">Name in mappings.</param>
/// <param name="Required">Whether each row has it.</param>
public sealed record ImportField(string Name, bool Required = false);

/// <summary>A row that is not taken.</summary>
/// <param name="Line">Line of the file, the heading being line 1.</param>
/// <param name="Field">The field to blame.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RefusedRow(long Line, string Field, string Code, string Reason);

/// <summary>What an import does, or has done.</summary>
/// <param name="Kind">items, parties or prices.</param>
/// <param name="Rows">Rows of data in the file.</param>
/// <param name="Created">Rows that are new.</param>
/// <param name="Updated">Rows that change what is there.</param>
/// <param name="Unchanged">Rows that say what is there already.</param>
/// <param name="Refused">Rows that are not taken.</param>
/// <param name="RefusedRows">The first of these, in the order of the file.</param>
/// <param name="ResumedAfter">Rows that an earlier run of the same file had done.</param>
public sealed record ImportOutcome(
    string Kind, long Rows, long Created, long Updated, long Unchanged, long Refused, IReadOnlyList<RefusedRow> RefusedRows, long ResumedAfter = 0);

/// <summary>Every reason for which an import as a whole says no.</summary>
public static class ImportRefusals
{
    /// <summary>The kind is none.</summary>
    public static readonly Refusal KindUnknown = new("IMPORT_KIND_UNKNOWN", "There is no such kind of import.", "/kind");

    /// <summary>The same file was taken before.</summary>
    public static readonly Refusal FileTwice = new("IMPORT_FILE_TWICE", "This very file was imported before and would count twice. Undo that import first.", "/fileId", 409);

    /// <summary>The import has not ended.</summary>
    public static readonly Refusal Running = new("IMPORT_RUNNING", "The import has not ended; cancel it first.", Status: 409);

    /// <summary>Nothing of an import is left to be undone.</summary>
    public static readonly Refusal NothingToUndo = new("IMPORT_UNDO_NOTHING", "Nothing of this import is left to be undone.", Status: 409);

    /// <summary>There is no heading.</summary>
    public static readonly Refusal Empty = new("IMPORT_EMPTY", "The file has no heading.");

    /// <summary>The mapping cannot be used.</summary>
    public static Refusal MappingInvalid(string why) => new("IMPORT_MAPPING_INVALID", $"The mapping cannot be used: {why}");

    /// <summary>A column is not there.</summary>
    public static Refusal ColumnMissing(string field, string heading) => new("IMPORT_COLUMN_MISSING", $"The file has no column '{heading}' for the field {field}.");
}
