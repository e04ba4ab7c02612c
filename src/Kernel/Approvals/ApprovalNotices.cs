using System.Globalization;
using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Notices;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Approvals;

/// <summary>What people are told of approvals.</summary>
internal static class ApprovalNotices
{
    /// <summary>The kind of those that ask for a decision.</summary>
    public const string Kind = "approval";

    /// <summary>Somebody waits for a role's decision. Its version is the one that the document has when the command has ended.</summary>
    public static Notice Waits(Guid request, Header header, string why, string role, IReadOnlyCollection<Guid> except) =>
        new(Kind, $"{Name(header)} waits for your approval", $"{why}: {Total(header)}", $"/approvals?open={request:D}")
        {
            ToRole = role,
            BranchId = header.BranchId,
            Subject = request,
            Version = header.Version + 1,
            Except = except,
        };

    /// <summary>The time of a role is over, and another may decide too.</summary>
    public static Notice Escalated(Guid request, string name, string role, string late, Guid branch, long version, IReadOnlyCollection<Guid> except) =>
        new(Kind, $"{name} waits for your approval now", $"{Words(late)} has not decided in time.", $"/approvals?open={request:D}")
        {
            ToRole = role,
            BranchId = branch,
            Subject = request,
            Version = version,
            Except = except,
        };

    /// <summary>What became of it, for who asked.</summary>
    public static Notice Decided(ApprovalRequest request, Header header, Decision decision, Stamp stamp) => new("decision", Became(header, decision, stamp), decision.Text ?? "", $"/{header.Function.Replace('.', '/')}/{header.Id:D}")
    {
        ToUser = request.RequestedBy,
        Subject = header.Id,
        Except = [stamp.Actor.UserId],
    };

    /// <summary>What a decision made of it, in one line.</summary>
    public static string Became(Header header, Decision decision, Stamp stamp) =>
        $"{Name(header)} {(decision.IsApproval ? "was approved" : decision.IsSendingBack ? "was sent back to be changed" : "was rejected")} by {stamp.Actor.Name}";

    /// <summary>What a document is called: its kind and its number, when it has one already.</summary>
    public static string Name(Header header) => Name(header.Kind, header.Number);

    /// <inheritdoc cref="Name(Header)"/>
    public static string Name(string kind, string? number) => number is null ? Words(kind) : $"{Words(kind)} {number}";

    private static string Words(string code) => code.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(code[0])}{code[1..].Replace('-', ' ')}");

    private static string Total(Header header) =>
        Currencies.TryOf(header.Currency, out var currency) ? $"{new Money(header.Total, currency)} {header.Currency}" : header.Currency;
}
