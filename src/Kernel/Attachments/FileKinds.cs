using System.IO.Compression;
using System.Text;

namespace Plug1.Kernel.Attachments;

/// <summary>Says what a file is by its content. A name alone proves nothing.</summary>
public static class FileKinds
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The media type of a content under a name; null when it is none that is taken, or another than the name says.</summary>
    public static string? Of(string name, ReadOnlyMemory<byte> content)
    {
        var ending = Path.GetExtension(name).ToLowerInvariant();
        var bytes = content.Span;
        return ending switch
        {
            ".pdf" when bytes.StartsWith("%PDF-"u8) => "application/pdf",
            ".png" when bytes.StartsWith((ReadOnlySpan<byte>)[0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) => "image/png",
            ".jpg" or ".jpeg" when bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) => "image/jpeg",
            ".xlsx" when IsWorkbook(content) => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ".csv" when IsText(bytes) => "text/csv",
            ".txt" when IsText(bytes) => "text/plain",
            _ => null,
        };
    }

    /// <summary>A package with a workbook in it; only its directory is read, nothing is unpacked.</summary>
    private static bool IsWorkbook(ReadOnlyMemory<byte> content)
    {
        if (!content.Span.StartsWith("PK\u0003\u0004"u8)) return false;
        try
        {
            using var package = new ZipArchive(new MemoryStream(content.ToArray(), writable: false), ZipArchiveMode.Read);
            return package.GetEntry("[Content_Types].xml") is not null && package.GetEntry("xl/workbook.xml") is not null;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var one in bytes)
            if (one < 0x20 && one is not ((byte)'\t' or (byte)'\r' or (byte)'\n')) return false;
        try
        {
            Strict.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
