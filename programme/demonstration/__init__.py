"""The demonstration: a made-up partnership's two years, by its workbook, with sign-ins and a few events to come."""
