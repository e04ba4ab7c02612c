using Plug1.Kernel.Commands;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Functions;
using Plug1.Kernel.Reporting;
using Plug1.Kernel.Storage;
using Plug1.Kernel.Values;

namespace Plug1.Kernel.Exceptions;

/// <summary>Raises what somebody should look at, in the transaction in which it happened.</summary>
public static class ExceptionBook
{
    private static readonly Table Table = new("exception_item",
        ("id", Kind.Id), ("rule", Kind.Text), ("function", Kind.Text), ("severity", Kind.Text), ("branch_id", Kind.Id), ("document_id", Kind.Id), ("session_id", Kind.Id),
        ("message", Kind.Text), ("raised_at", Kind.Instant), ("business_date", Kind.Date), ("hour", Kind.Long), ("state", Kind.Text));

    /// <summary>Gathers an exception and its fact; the rule must be one that the function declares.</summary>
    public static void Raise(Tx tx, Function function, string rule, Header about, string message, Stamp stamp, TimeProvider clock)
    {
        var declared = function.Exceptions.FirstOrDefault(exception => exception.Code == rule)
            ?? throw new InvariantBrokenException($"{function.Code} does not declare the exception {rule}.");
        tx.Insert(Table, [[Ids.New(clock), rule, function.Code, declared.Severity, about.BranchId, about.Id, about.SessionId, message, stamp.At, stamp.BusinessDate, (long)stamp.Hour, "open"]]);
        Facts.Stage(tx, stamp, new Fact { Document = about, Event = "exception", Amount = about.Total, D1 = rule });
    }
}
