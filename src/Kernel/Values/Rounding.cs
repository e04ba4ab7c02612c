namespace Plug1.Kernel.Values;

/// <summary>How an exact ratio becomes a whole number. Every place that rounds names one.</summary>
public enum Rounding
{
    /// <summary>Commercial: to the nearest, a half away from zero. 2.5 is 3, -2.5 is -3.</summary>
    HalfAwayFromZero,

    /// <summary>Towards minus infinity. 2.7 is 2, -2.1 is -3.</summary>
    Floor,

    /// <summary>Towards zero. 2.7 is 2, -2.7 is -2.</summary>
    Down,

    /// <summary>Away from zero. 2.1 is 3, -2.1 is -3.</summary>
    Up,
}

/// <summary>The arithmetic behind <see cref="Rounding"/>: <c>Rounding.Divide(7, 2, Rounding.Floor)</c>.</summary>
public static class RoundingArithmetic
{
    extension(Rounding)
    {
        /// <summary>Divides exactly and rounds once.</summary>
        /// <param name="numerator">Any whole number.</param>
        /// <param name="denominator">Not zero; may be negative.</param>
        /// <param name="mode">How what is left over is rounded.</param>
        /// <exception cref="InvariantBrokenException"><paramref name="denominator"/> is zero.</exception>
        public static Int128 Divide(Int128 numerator, Int128 denominator, Rounding mode)
        {
            Invariant.Holds(denominator != 0, "Division by zero.");
            if (denominator < 0) (numerator, denominator) = (checked(-numerator), checked(-denominator));

            var quotient = numerator / denominator;
            var remainder = numerator - (quotient * denominator);
            if (remainder == 0) return quotient;

            var negative = remainder < 0;
            var away = negative ? quotient - 1 : quotient + 1;
            return mode switch
            {
                Rounding.Floor => negative ? away : quotient,
                Rounding.Down => quotient,
                Rounding.Up => away,

                // |remainder| >= denominator - |remainder| is "at least a half", without doubling, so without overflow.
                _ => (negative ? -remainder : remainder) >= denominator - (negative ? -remainder : remainder) ? away : quotient,
            };
        }

        /// <summary>Divides exactly and rounds once, into 64 bits.</summary>
        /// <param name="numerator">Any whole number.</param>
        /// <param name="denominator">Not zero; may be negative.</param>
        /// <param name="mode">How what is left over is rounded.</param>
        /// <exception cref="OverflowException">The quotient does not fit.</exception>
        /// <exception cref="InvariantBrokenException"><paramref name="denominator"/> is zero.</exception>
        public static long DivideToLong(Int128 numerator, Int128 denominator, Rounding mode) =>
            checked((long)Rounding.Divide(numerator, denominator, mode));

        /// <summary>Rounds an amount to a multiple of a step, as for cash: 20.96 to 0.05 is 20.95.</summary>
        /// <param name="minor">Amount in minor units; the absolute value is rounded and the sign put back.</param>
        /// <param name="step">Step in minor units; 0 and 1 leave the amount as it is.</param>
        /// <param name="mode">Half, down or up; <see cref="Rounding.Floor"/> is towards minus infinity.</param>
        public static long RoundToStep(long minor, long step, Rounding mode)
        {
            Invariant.Holds(step >= 0);
            return step <= 1 ? minor : checked((long)(Rounding.Divide(minor, step, mode) * step));
        }
    }
}
