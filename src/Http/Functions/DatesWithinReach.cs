using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Plug1.Http.Functions;

/// <summary>Refuses dates from which no period before or after can be counted: a reading parameter lies in the years 1900 to 2199.</summary>
public sealed class DatesWithinReach : IEndpointFilter
{
    private static readonly string[] Names = ["from", "to", "at"];

    /// <inheritdoc/>
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var name in Names)
        {
            var text = context.HttpContext.Request.Query[name].ToString();
            if (DateOnly.TryParse(text, CultureInfo.InvariantCulture, out var date) && date.Year is < 1900 or > 2199)
                return ValueTask.FromResult<object?>(Kernel.Reporting.Refusals.ParameterInvalid(name, text).ToHttp());
        }

        return next(context);
    }
}
