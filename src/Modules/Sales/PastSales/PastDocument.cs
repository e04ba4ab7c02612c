using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Plug1.Kernel.Values;

namespace Plug1.Sales.PastSales;

/// <summary>What a document of the past is here.</summary>
internal enum PastKind
{
    /// <summary>Something was sold: at least one line has a price.</summary>
    Sale,

    /// <summary>Something came back for its money.</summary>
    Return,

    /// <summary>No line has a price, all quantities are below zero: goods lost or damaged.</summary>
    WriteOff,

    /// <summary>No line has a price, all quantities are above zero: goods counted in.</summary>
    Found,
}

/// <summary>A row of a file. Quantity and price in millionths, as they stand there.</summary>
internal sealed class PastLine(int file, long row)
{
    public int File => file;

    public long Row => row;

    public string Sku { get; set; } = "";

    public string Description { get; set; } = "";

    public long Quantity { get; set; }

    public long Price { get; set; }

    public DateTime Time { get; set; }

    /// <summary>Quantity times price without its sign, exact: a product of millionths has twelve decimals.</summary>
    public decimal Exact => Math.Abs(Quantity) / 1_000_000m * (Price / 1_000_000m);
}

/// <summary>The rows of one document.</summary>
internal sealed class PastDocument(string source, string reference, int order)
{
    public string Reference => reference;

    /// <summary>Its place among the documents of the files.</summary>
    public int Order => order;

    public List<PastLine> Lines { get; } = [];

    public string? Customer { get; set; }

    public string? Country { get; set; }

    public PastKind Kind { get; set; }

    /// <summary>When it began, by the branch's clock.</summary>
    public DateTime Time => Lines.Min(line => line.Time);

    public DateOnly Day => DateOnly.FromDateTime(Lines[0].Time);

    /// <summary>The id of the document that is made of it, whenever and wherever; it sorts by the moment at which it happened.</summary>
    public Guid IdAt(DateTimeOffset moment) => Ids.Of($"past-sales/{source}/{reference}", moment);

    /// <summary>What it says, whatever the order of its rows.</summary>
    public string Hash
    {
        get
        {
            var rows = Lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Sku}\t{line.Quantity}\t{line.Price}\t{line.Time:s}")).Order(StringComparer.Ordinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Customer}\n{string.Join('\n', rows)}")));
        }
    }
}

/// <summary>A row that is not taken.</summary>
/// <param name="FileAt">The place of the file among the files.</param>
/// <param name="File">The file.</param>
/// <param name="Line">Its line, the heading being line 1.</param>
/// <param name="Document">The document's number, as far as it is known.</param>
/// <param name="Field">The field to blame.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Reason">Why, in words.</param>
internal sealed record PastRefusal(int FileAt, string File, long Line, string Document, string Field, string Code, string Reason);

/// <summary>A line whose booked amount differs from quantity times price, because a price has parts of the smallest coin.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">Its line.</param>
/// <param name="Document">The document's number.</param>
/// <param name="Sku">The item.</param>
/// <param name="Exact">Quantity times price, with the sign of the trade: a return is below zero.</param>
/// <param name="Booked">What is booked, in minor units.</param>
/// <param name="Difference">Booked less exact, in major units.</param>
internal sealed record PastDifference(string File, long Line, string Document, string Sku, decimal Exact, long Booked, decimal Difference);

/// <summary>What one month has. Exact sums are quantity times price; booked ones minor units, in the basis of the prices.</summary>
internal sealed class PastMonth(string month)
{
    public string Month => month;

    public long Sales { get; set; }

    public long Returns { get; set; }

    public long WriteOffs { get; set; }

    public long Found { get; set; }

    public long Lines { get; set; }

    public decimal ExactSales { get; set; }

    public decimal ExactReturns { get; set; }

    public long BookedSales { get; set; }

    public long BookedReturns { get; set; }

    public void Add(PastMonth other)
    {
        (Sales, Returns, WriteOffs, Found, Lines) = (Sales + other.Sales, Returns + other.Returns, WriteOffs + other.WriteOffs, Found + other.Found, Lines + other.Lines);
        (ExactSales, ExactReturns) = (ExactSales + other.ExactSales, ExactReturns + other.ExactReturns);
        (BookedSales, BookedReturns) = (checked(BookedSales + other.BookedSales), checked(BookedReturns + other.BookedReturns));
    }
}
